import type { ReactNode } from "react";
import { meetingViewOf } from "#domain/meeting-view.ts";
import type { MeetingData } from "../../pages/meetings/meeting-data.ts";
import { spokenTime } from "../ui/format.ts";
import { MeetingBadge } from "./meeting-badge.tsx";
import { EditableTitle } from "../conversation/title.tsx";
import { useNow } from "../ui/time.tsx";
import { MeetingTime } from "./meeting-time.tsx";

/** A meeting's title, how it stands, with whom and when; what can be done is at its right. */
export function MeetingHeading({ meeting, children }: { meeting: MeetingData; children?: ReactNode }) {
  const { agent, call, scheduledAt, createdAt, owner } = meeting;
  const status = meetingViewOf(meeting.run);
  return (
    <header className="space-y-3">
      <EditableTitle title={meeting.title} canWrite={meeting.canWrite} />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-soft">
          <MeetingBadge status={status} error={meeting.run.error} cancelRequested={meeting.run.cancelRequested} />
          {agent === null ? null : <span>with {agent.name}</span>}
          {owner === null ? null : <span>by {owner}</span>}
          <CallLength startedAt={call.startedAt} endedAt={call.endedAt} />
          <MeetingTime status={status} startedAt={call.startedAt} scheduledAt={scheduledAt} createdAt={createdAt} />
        </p>
        {children === undefined ? null : <div className="flex flex-wrap items-center gap-2">{children}</div>}
      </div>
    </header>
  );
}

/** How long the call lasted, or lasts by now. */
function CallLength({ startedAt, endedAt }: { startedAt: Date | null; endedAt: Date | null }) {
  const now = useNow(1000);
  const until = endedAt ?? now;
  if (startedAt === null || until === null) return null;
  return <span className="figures">{spokenTime((until.getTime() - startedAt.getTime()) / 1000)}</span>;
}
