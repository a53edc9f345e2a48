import { Trash2 } from "lucide-react";
import { Link, href } from "react-router";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { bytes, clock, plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { isOver } from "../runs/run-labels.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { TryCall } from "../call/try-call.tsx";
import { ActionItems } from "../conversation/action-items.tsx";
import { AnalyseDialog } from "../conversation/analyse-dialog.tsx";
import { AudioPlayer } from "./audio-player.tsx";
import { useCitations } from "../conversation/citations.ts";
import { Notes } from "../conversation/notes.tsx";
import { PlayerProvider, useNewPlayer } from "../conversation/player.ts";
import { RecordedAt } from "./recorded-at.tsx";
import { ExportMenu } from "./recording-menu.tsx";
import { RunOutcome, RunPanel } from "../conversation/run-panel.tsx";
import { Speakers } from "../conversation/speakers.tsx";
import { Summary } from "../conversation/summary.tsx";
import { EditableTitle } from "../conversation/title.tsx";
import { TranscribeDialog } from "./transcribe-dialog.tsx";
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
        <Heading recording={recording} />
        {run === null ? null : <RunOutcome run={run} canWrite={canWrite} />}
        {run?.warnings.map((warning) => (
          <Notice key={warning} kind="warn">
            {warning}
          </Notice>
        ))}
        {file.isPlayable && file.seconds !== null ? (
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
            {file.isSample && canWrite ? <Coach /> : null}
            <Speakers speakers={recording.speakers} note={recording.speakerNote} canWrite={canWrite} />
          </div>
          <TranscriptSection
            segments={recording.segments}
            speakers={recording.speakers}
            cited={cited}
            isLive={isRunning}
            isPlayable
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

function Heading({ recording }: { recording: RecordingData }) {
  const { run, file, canWrite } = recording;
  return (
    <header className="space-y-3">
      <EditableTitle title={recording.title} canWrite={canWrite} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-soft">
          {run === null ? null : <StatusBadge status={run.status} cancelRequested={run.cancelRequested} />}
          {file.seconds === null ? null : <span className="figures">{clock(file.seconds)}</span>}
          {recording.speakers.length === 0 ? null : <span>{plural(recording.speakers.length, "speaker")}</span>}
          <RecordedAt recordedAt={recording.recordedAt} uploadedAt={recording.createdAt} canWrite={canWrite} />
          <span className="max-w-full truncate">
            {file.name}, {bytes(file.bytes)}
          </span>
        </p>
        <div className="flex flex-wrap items-center gap-2">
          {canWrite && recording.analysis !== null ? <AnalyseDialog /> : null}
          {canWrite && run !== null && isOver(run.status) ? (
            <TranscribeDialog languages={recording.languages} language={recording.language} />
          ) : null}
          {recording.segments.length > 0 ? <ExportMenu id={recording.id} /> : null}
          {canWrite ? (
            <Confirm
              trigger={
                <IconButton label="Delete the recording">
                  <Trash2 size={17} aria-hidden="true" />
                </IconButton>
              }
              title="Delete this recording?"
              action="Delete it for good"
              fields={{ intent: "delete" }}
            >
              The file, its transcript, every summary and all action items are deleted for everyone in the workspace.
              This cannot be undone.
            </Confirm>
          ) : null}
        </div>
      </div>
    </header>
  );
}
