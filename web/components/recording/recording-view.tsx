import { Link, href } from "react-router";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { isOver } from "../runs/run-labels.ts";
import { TryCall } from "../call/try-call.tsx";
import { ActionItems } from "../conversation/action-items.tsx";
import { AudioPlayer } from "./audio-player.tsx";
import { useCitations } from "../conversation/citations.ts";
import { heardSpeakers } from "../conversation/heard-speakers.ts";
import { Notes, Warnings } from "../conversation/notes.tsx";
import { PlayerProvider, useNewPlayer } from "../conversation/player.ts";
import { RecordingHeading } from "./recording-heading.tsx";
import { RunOutcome, RunPanel } from "../conversation/run-panel.tsx";
import { Speakers } from "../conversation/speakers.tsx";
import { Summary } from "../conversation/summary.tsx";
import { TranscriptSection } from "../conversation/transcript-section.tsx";
import { Versions } from "../conversation/versions.tsx";

/** A recording from upload to result: what is there is shown, and what is being worked on says so. */
export function RecordingView({ recording }: { recording: RecordingData }) {
  const player = useNewPlayer();
  const { cite, cited } = useCitations(recording.segments, player);
  const { run, analysis, file, canWrite } = recording;
  const isRunning = run !== null && !isOver(run.status);
  return (
    <PlayerProvider value={player}>
      <div className="mx-auto max-w-6xl space-y-6">
        <RecordingHeading recording={recording} />
        {run === null ? null : <RunOutcome run={run} canWrite={canWrite} />}
        <Warnings of={run?.warnings ?? []} analysis={analysis} />
        {file?.isPlayable && file.seconds !== null ? (
          <AudioPlayer id={recording.id} seconds={file.seconds} hasPeaks={file.hasPeaks} />
        ) : null}
        <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
          <div className="min-w-0 space-y-10 lg:order-2">
            {run !== null && run.status !== "completed" ? <RunPanel run={run} canWrite={canWrite} /> : null}
            {analysis === null ? null : (
              <>
                <div className="space-y-4">
                  <Summary analysis={analysis} cite={cite} />
                  <Versions versions={recording.versions} shown={analysis.version} />
                  <Notes notes={analysis.notes} />
                </div>
                <ActionItems items={analysis.actionItems} cite={cite} canWrite={canWrite} />
              </>
            )}
            {file?.isSample && canWrite ? <Coach /> : null}
            <Speakers
              speakers={heardSpeakers(recording.speakers, recording.segments)}
              merges={recording.merges}
              note={recording.speakerNote}
              canWrite={canWrite}
              isFinal={!isRunning}
            />
          </div>
          <TranscriptSection
            segments={recording.segments}
            speakers={recording.speakers}
            cited={cited}
            isLive={isRunning}
            isPlayable
            canCorrect={canWrite && !isRunning}
            silence={isRunning ? "The words appear here as soon as they are recognised." : "There is no transcript."}
          />
        </div>
      </div>
    </PlayerProvider>
  );
}

/** Beside the sample: the other thing that there is to try. */
function Coach() {
  return (
    <section aria-labelledby="coach" className="panel space-y-3 p-5 sm:p-6">
      <h2 id="coach" className="text-xl">
        Talk with an agent
      </h2>
      <p className="text-sm text-soft">
        The Interview coach asks you what an interviewer would, along a plan of three sessions. It is among your{" "}
        <Link to={href("/agents")} className="link">
          agents
        </Link>
        , yours to change.
      </p>
      <TryCall />
    </section>
  );
}
