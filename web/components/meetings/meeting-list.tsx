import { Video } from "lucide-react";
import { Link, href } from "react-router";
import type { MeetingRow } from "#records/meetings/meeting-lists.ts";
import { buttonClass } from "../ui/button.tsx";
import { clock } from "../ui/format.ts";
import { Progress } from "../ui/progress.tsx";
import { stageLabel } from "../runs/run-labels.ts";
import { MeetingBadge } from "./meeting-badge.tsx";
import { MeetingTime } from "./meeting-time.tsx";
import { Moment, StartsIn } from "./starts-in.tsx";

/** Meetings as a list of links; those that go on or are to come have the way into their call. */
export function MeetingList({ meetings, label }: { meetings: readonly MeetingRow[]; label: string }) {
  return (
    <ul aria-label={label} className="panel divide-y divide-line overflow-hidden">
      {meetings.map((meeting) => (
        <li key={meeting.id}>
          <MeetingItem meeting={meeting} />
        </li>
      ))}
    </ul>
  );
}

function MeetingItem({ meeting }: { meeting: MeetingRow }) {
  const { id, name, status, agent, sessionName, workspace } = meeting;
  return (
    <div className="relative flex flex-wrap gap-x-4 gap-y-3 px-4 py-4 transition-colors hover:bg-sunken sm:px-5">
      <Video size={20} aria-hidden="true" className="mt-0.5 hidden shrink-0 text-soft sm:block" />
      <div className="min-w-0 flex-1 basis-60 space-y-1.5">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <Link
            to={href("/meetings/:id", { id })}
            prefetch="intent"
            dir="auto"
            className="min-w-0 font-serif text-lg leading-snug font-semibold after:absolute after:inset-0"
          >
            {name}
          </Link>
          <MeetingBadge status={status} error={meeting.error} cancelRequested={meeting.cancelRequested} />
        </div>
        {status === "processing" ? <Work meeting={meeting} /> : null}
        {status === "failed" ? <p className="text-sm text-danger">{meeting.error?.message}</p> : null}
        <p className="flex flex-wrap gap-x-3 text-sm text-soft">
          <span>{agent === null ? "Agent deleted" : `with ${agent.name}`}</span>
          {sessionName === null || sessionName === name ? null : <span>Session “{sessionName}”</span>}
          <When meeting={meeting} />
          {workspace.name === "Personal" ? null : <span>{workspace.name}</span>}
        </p>
      </div>
      {canBeJoined(meeting) ? <JoinLink id={id} name={name} isOngoing={status === "active"} /> : null}
    </div>
  );
}

const canBeJoined = ({ status, agent, cancelRequested, canWrite }: MeetingRow) =>
  canWrite && !cancelRequested && (status === "active" || (status === "upcoming" && agent !== null));

/** The way into a meeting's call. */
function JoinLink({ id, name, isOngoing }: { id: string; name: string; isOngoing: boolean }) {
  return (
    <Link
      to={href("/meetings/:id/call", { id })}
      aria-label={`${isOngoing ? "Return to" : "Join"} ${name}`}
      className={`${buttonClass(isOngoing ? "primary" : "plain")} relative z-10 self-center`}
    >
      {isOngoing ? "Return" : "Join"}
    </Link>
  );
}

function Work({ meeting: { name, percent, stage, message } }: { meeting: MeetingRow }) {
  return (
    <>
      <Progress percent={percent} label={`Progress of ${name}`} words={`${percent} percent, ${stageLabel(stage)}`} />
      <p className="flex justify-between gap-3 text-sm text-soft">
        <span className="truncate">{message}</span>
        <span className="figures">{percent} %</span>
      </p>
    </>
  );
}

function When({ meeting }: { meeting: MeetingRow }) {
  const { status, cancelRequested, scheduledAt, startedAt, endedAt, createdAt } = meeting;
  if (status === "upcoming" && scheduledAt !== null) {
    return (
      <span>
        <Moment at={scheduledAt} />
        {cancelRequested ? null : (
          <>
            {" · "}
            <StartsIn at={scheduledAt} />
          </>
        )}
      </span>
    );
  }
  if (status === "upcoming" && !cancelRequested) return <span>Whenever you join</span>;
  const isHeld = startedAt !== null && endedAt !== null;
  return (
    <>
      {isHeld ? <span className="figures">{clock((endedAt.getTime() - startedAt.getTime()) / 1000)}</span> : null}
      <MeetingTime status={status} startedAt={startedAt} scheduledAt={scheduledAt} createdAt={createdAt} />
    </>
  );
}
