import { Trash2 } from "lucide-react";
import type { MeetingData } from "../../pages/meetings/meeting-data.ts";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { heardSpeakers } from "../conversation/heard-speakers.ts";
import { ActionItems } from "../conversation/action-items.tsx";
import { AnalyseDialog } from "../conversation/analyse-dialog.tsx";
import { useCitations } from "../conversation/citations.ts";
import { Notes, Warnings } from "../conversation/notes.tsx";
import { PlayerProvider, useNewPlayer, usePlayer } from "../conversation/player.ts";
import { ExportMenu } from "../recording/recording-menu.tsx";
import { Speakers } from "../conversation/speakers.tsx";
import { Summary } from "../conversation/summary.tsx";
import { TranscriptSection } from "../conversation/transcript-section.tsx";
import { Versions } from "../conversation/versions.tsx";
import { MeetingHeading } from "./meeting-heading.tsx";
import { NextSession } from "./next-session.tsx";
import { PlanProgress } from "./plan-progress.tsx";

/** What came of a meeting: its summary with the words it rests on, its tasks, the plan, and where it goes on. */
export function MeetingResult({ meeting }: { meeting: MeetingData }) {
  const player = useNewPlayer();
  const { cite, cited } = useCitations(meeting.segments, player);
  const { analysis, canWrite, segments } = meeting;
  const isSilent = segments.length === 0;
  return (
    <PlayerProvider value={player}>
      <div className="mx-auto max-w-6xl space-y-6">
        <MeetingHeading meeting={meeting}>
          {canWrite && !isSilent && analysis !== null ? <AnalyseDialog /> : null}
          {isSilent ? null : <ExportMenu id={meeting.id} />}
          {canWrite ? <DeleteMeeting /> : null}
        </MeetingHeading>
        <Warnings of={meeting.run.warnings} analysis={analysis} />
        <CallAudio id={meeting.id} hasAudio={meeting.hasAudio} />
        <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
          <div className="min-w-0 space-y-10 lg:order-2">
            {analysis === null ? null : (
              <div className="space-y-4">
                <Summary analysis={analysis} cite={cite} />
                {isSilent ? null : <Versions versions={meeting.versions} shown={analysis.version} />}
                <Notes notes={analysis.notes} />
              </div>
            )}
            <NextSession meeting={meeting} />
            {analysis === null || isSilent ? null : (
              <ActionItems items={analysis.actionItems} cite={cite} canWrite={canWrite} />
            )}
            <PlanProgress plan={meeting.plan} sessionName={meeting.sessionName} meetingId={meeting.id} cite={cite} />
            {isSilent ? null : (
              <Speakers
                speakers={heardSpeakers(meeting.speakers, segments)}
                merges={meeting.merges}
                note={null}
                canWrite={canWrite}
              />
            )}
          </div>
          <TranscriptSection
            segments={segments}
            absences={meeting.absences}
            speakers={meeting.speakers}
            cited={cited}
            isLive={false}
            isPlayable={meeting.hasAudio}
            canCorrect={canWrite}
            silence="Nothing was said in this meeting, so there is no transcript."
          />
        </div>
      </div>
    </PlayerProvider>
  );
}

function CallAudio({ id, hasAudio }: { id: string; hasAudio: boolean }) {
  const { attach } = usePlayer();
  if (!hasAudio) return <p className="text-sm text-soft">The call’s audio was not kept.</p>;
  return (
    <audio
      ref={attach}
      controls
      preload="metadata"
      aria-label="The call’s audio"
      src={`/api/meetings/${id}/audio`}
      className="sticky top-[calc(var(--below-banner,0px)+0.75rem)] z-10 w-full"
    />
  );
}

export function DeleteMeeting() {
  return (
    <Confirm
      trigger={
        <IconButton label="Delete the meeting">
          <Trash2 size={17} aria-hidden="true" />
        </IconButton>
      }
      title="Delete this meeting?"
      action="Delete it for good"
      fields={{ intent: "delete" }}
    >
      Its transcript, every summary, all action items and the call’s audio are deleted for everyone in the workspace.
      This cannot be undone.
    </Confirm>
  );
}
