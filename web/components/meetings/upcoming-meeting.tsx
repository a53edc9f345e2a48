import { ArrowLeft, CalendarPlus, CalendarX, Pencil, RotateCcw, Video } from "lucide-react";
import type { ReactNode } from "react";
import { Link, href, useFetcher } from "react-router";
import type { MeetingData } from "../../pages/meetings/meeting-data.ts";
import { Button, IconButton, buttonClass } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useEditing } from "../ui/edit-in-place.tsx";
import { spokenTime } from "../ui/format.ts";
import { GuestLink } from "./guest-link.tsx";
import { DeleteMeeting } from "./meeting-result.tsx";
import { MeetingHeading } from "./meeting-heading.tsx";
import { Notice } from "../ui/notice.tsx";
import { EditMeeting } from "./edit-meeting.tsx";
import { Moment, StartsIn } from "./starts-in.tsx";

interface UpcomingMeetingProps {
  meeting: MeetingData;
  /** The whole address that lets a guest in; null where none is to be given out. */
  guestLink: string | null;
}

/** A meeting before its call, or one that was cancelled before it came to that. */
export function UpcomingMeeting({ meeting, guestLink }: UpcomingMeetingProps) {
  const { run, agent, canWrite, scheduledAt } = meeting;
  const isCancelled = run.status === "cancelled";
  const isComing = !isCancelled && !run.cancelRequested;
  return (
    <div className="mx-auto max-w-3xl space-y-6">
      <MeetingHeading meeting={meeting}>
        {isComing && canWrite && agent !== null ? (
          <Link to={href("/meetings/:id/call", { id: meeting.id })} className={buttonClass("primary")}>
            <Video size={16} aria-hidden="true" /> Join the call
          </Link>
        ) : null}
        {isComing && scheduledAt !== null ? (
          // No client-side navigation: the answer is a file.
          <a href={href("/meetings/:id/calendar.ics", { id: meeting.id })} download className={buttonClass("plain")}>
            <CalendarPlus size={16} aria-hidden="true" /> Add to calendar
          </a>
        ) : null}
        {isComing && canWrite ? <CancelMeeting runId={run.id} isScheduled={scheduledAt !== null} /> : null}
        {canWrite ? <DeleteMeeting /> : null}
      </MeetingHeading>
      {isCancelled ? <Cancelled runId={run.id} canWrite={canWrite} /> : null}
      {isComing && agent === null ? (
        <Notice kind="warn">
          The agent of this meeting was deleted, so nobody would answer in its call. Choose another agent below.
        </Notice>
      ) : null}
      <Details meeting={meeting} isComing={isComing} />
      {isComing && guestLink !== null ? <GuestLink address={guestLink} /> : null}
      {meeting.previous === null ? null : (
        <Link
          to={href("/meetings/:id", { id: meeting.previous.id })}
          className="link inline-flex items-center gap-1.5 text-sm"
        >
          <ArrowLeft size={15} aria-hidden="true" /> Previous session: {meeting.previous.title}
        </Link>
      )}
    </div>
  );
}

function Details({ meeting, isComing }: { meeting: MeetingData; isComing: boolean }) {
  const { isEditing, begin, end, opener } = useEditing();
  const { agent, scheduledAt, durationMinutes, prompt, sessionName, plan } = meeting;
  const place = plan.findIndex(({ session_name }) => session_name === sessionName);
  const goals = plan[place]?.goals ?? [];
  if (isEditing) {
    return (
      <div className="panel p-5 sm:p-6">
        <EditMeeting meeting={meeting} onEnd={end} />
      </div>
    );
  }
  return (
    <div className="panel flex items-start gap-2 p-5 sm:p-6">
      <dl className="min-w-0 flex-1 space-y-4">
        <Fact name="When">
          {scheduledAt === null ? (
            "Whenever somebody joins"
          ) : (
            <>
              <Moment at={scheduledAt} />
              {isComing ? (
                <span className="block text-soft">
                  <StartsIn at={scheduledAt} />
                </span>
              ) : null}
            </>
          )}
        </Fact>
        <Fact name="Length">{spokenTime(durationMinutes * 60)}</Fact>
        <Fact name="With">
          {agent === null ? (
            "nobody: the agent was deleted"
          ) : (
            <Link to={href("/agents/:id", { id: agent.id })} className="link">
              {agent.name}
            </Link>
          )}
        </Fact>
        {sessionName === null ? null : (
          <Fact name={place === -1 ? "Session of the plan" : `Session ${place + 1} of ${plan.length}`}>
            {sessionName}
            {goals.length === 0 ? null : (
              <ul className="mt-1 list-disc space-y-1 pl-5 font-normal text-soft">
                {goals.map(({ text }) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            )}
          </Fact>
        )}
        {prompt === "" ? null : (
          <Fact name="For this meeting only">
            <span className="font-normal whitespace-pre-wrap">{prompt}</span>
          </Fact>
        )}
      </dl>
      {isComing && meeting.canWrite ? (
        <IconButton ref={opener} label="Change the details" onClick={begin}>
          <Pencil size={17} aria-hidden="true" />
        </IconButton>
      ) : null}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

function CancelMeeting({ runId, isScheduled }: { runId: string; isScheduled: boolean }) {
  return (
    <Confirm
      trigger={
        <Button look="danger">
          <CalendarX size={16} aria-hidden="true" /> Cancel the meeting
        </Button>
      }
      title="Cancel this meeting?"
      action="Cancel the meeting"
      fields={{ intent: "cancel", runId }}
    >
      Nobody can join it then, and nobody is reminded of it.
      {isScheduled ? " Calendars that have it keep it until it is taken out there." : ""} It stays in the list, and you
      can set it up again.
    </Confirm>
  );
}

function Cancelled({ runId, canWrite }: { runId: string; canWrite: boolean }) {
  const fetcher = useFetcher<{ message: string | null }>();
  return (
    <Notice kind="info">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>{fetcher.data?.message ?? "This meeting was cancelled before its call."}</p>
        {canWrite ? (
          <fetcher.Form method="post">
            <input type="hidden" name="intent" value="retry" />
            <input type="hidden" name="runId" value={runId} />
            <Button type="submit" disabled={fetcher.state !== "idle"}>
              <RotateCcw size={16} aria-hidden="true" /> Set it up again
            </Button>
          </fetcher.Form>
        ) : null}
      </div>
    </Notice>
  );
}
