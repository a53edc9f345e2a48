import { Dialog } from "@base-ui/react/dialog";
import type { ReactNode } from "react";
import { Link, href } from "react-router";
import type { OngoingMeeting, OngoingVisit } from "#records/meetings/ongoing-meetings.ts";
import { StopBot } from "../bots/stop-bot.tsx";
import { buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { formatElapsed } from "../ui/format.ts";
import { useNow } from "../ui/time.tsx";

interface ModalProps {
  meetings: readonly OngoingMeeting[];
  visits: readonly OngoingVisit[];
  /** The reader goes on to one of them. */
  onFollow: () => void;
}

/** All meetings that go on, how the bot of each stands, and what can be done about it; it changes while it is open. */
export function ActiveMeetingsModal({ meetings, visits, onFollow }: ModalProps) {
  return (
    <Dialog.Portal>
      <Dialog.Backdrop className={backdrop} />
      <Dialog.Popup className={`${dialogPopup} space-y-5`}>
        <Dialog.Title className="text-2xl">Meetings going on</Dialog.Title>
        {meetings.length + visits.length === 0 ? <p className="text-soft">No meeting goes on any more.</p> : null}
        <ul className="divide-y divide-line border-y border-line empty:hidden">
          {visits.map((visit) => (
            <Row key={visit.runId} {...visit} words={visit.stopping ? "The bot is leaving" : visit.message}>
              {visit.canStop && !visit.stopping && visit.stage !== "collect" ? <StopBot {...visit} /> : null}
              <View title={visit.title} to={placeOf(visit)} onFollow={onFollow} />
            </Row>
          ))}
          {meetings.map(({ id, title, view, since }) => (
            <Row key={id} title={title} since={since} words={view === "active" ? "In the call" : "Being worked on"}>
              <View title={title} to={href("/meetings/:id", { id })} onFollow={onFollow} />
            </Row>
          ))}
        </ul>
        <div className="flex flex-wrap justify-end gap-3">
          <Link to={href("/meetings/join-bot")} onClick={onFollow} className={buttonClass("plain")}>
            Send a bot
          </Link>
          <Dialog.Close className={buttonClass("plain")}>Close</Dialog.Close>
        </div>
      </Dialog.Popup>
    </Dialog.Portal>
  );
}

const placeOf = ({ eventId, runId }: OngoingVisit) =>
  eventId === null ? href("/runs/:id", { id: runId }) : href("/calendar/events/:id", { id: eventId });

interface RowProps {
  title: string;
  words: string;
  since: Date | null;
  children: ReactNode;
}

function Row({ title, words, since, children }: RowProps) {
  const now = useNow(1000);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-medium break-words">{title}</p>
        <p className="flex flex-wrap gap-x-2 text-sm text-soft">
          <span aria-live="polite">{words}</span>
          <span className="figures">{formatElapsed(since, now)}</span>
        </p>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </li>
  );
}

const View = ({ title, to, onFollow }: { title: string; to: string; onFollow: () => void }) => (
  <Link to={to} onClick={onFollow} className={buttonClass("plain")}>
    View<span className="sr-only"> {title}</span>
  </Link>
);
