import { ExternalLink } from "lucide-react";
import { Link, href } from "react-router";
import { platformNames } from "#domain/calendar/event.ts";
import type { EventView } from "#records/calendars/events.ts";
import { buttonClass } from "../ui/button.tsx";
import { BotMark } from "./bot-mark.tsx";
import { canOverride, isSettled, titleOf } from "./calendar-labels.ts";
import { formatTime } from "./days.ts";
import { DecisionMark } from "./decision-mark.tsx";
import { OverrideControl } from "./override-control.tsx";

interface EventCardProps {
  event: EventView;
  /** The reader's time zone. */
  zone: string;
  now: Date;
}

/** An event with what was decided about it and why, what can be said about it, and the way into its meeting. */
export function CalendarEventCard({ event, zone, now }: EventCardProps) {
  const { id, decision, cancelled } = event;
  const title = titleOf(event);
  const isOver = event.end <= now;
  const canJoin = !isOver && !cancelled && !decision.join && event.meetingUrl !== null;
  return (
    <article aria-label={title} className="@container px-4 py-4 sm:px-5">
      <div className="flex flex-wrap gap-x-5 gap-y-2 @md:flex-nowrap">
        <p className="figures w-full shrink-0 text-sm text-soft @md:w-28 @md:pt-1">{formatEventTimes(event, zone)}</p>
        <div className="min-w-0 flex-1 basis-56 space-y-1.5">
          <h3 className={`font-serif text-lg leading-snug font-semibold break-words ${isOver ? "text-soft" : ""}`}>
            <Link to={href("/calendar/events/:id", { id })} className="hover:underline">
              <Title event={event} />
            </Link>
          </h3>
          <p className="flex flex-wrap gap-x-3 text-sm text-soft">
            {event.platform === null ? null : <span>{platformNames[event.platform]}</span>}
            <span className="min-w-0 break-words">{event.calendarName}</span>
            {event.tentative ? <span>Not yet certain</span> : null}
          </p>
          <DecisionMark {...decision} wasToBe={isSettled(event, now)} />
          <BotMark {...event} />
          <div className="flex flex-wrap items-center gap-2 pt-1 empty:hidden">
            {!isOver && canOverride(event) ? <OverrideControl event={event} /> : null}
            {canJoin ? <JoinButton url={event.meetingUrl} title={title} /> : null}
          </div>
        </div>
      </div>
    </article>
  );
}

/** An event's title; struck through and said so where it is cancelled. */
export function Title({ event }: { event: Pick<EventView, "title" | "cancelled"> }) {
  const title = titleOf(event);
  if (!event.cancelled) return title;
  return (
    <>
      <s>{title}</s> <span className="font-sans text-sm font-normal text-soft">cancelled</span>
    </>
  );
}

/** The way into the meeting, as its calendar gives it: another site, in another tab. */
export function JoinButton({ url, title }: { url: string | null; title: string }) {
  if (url === null || !/^https?:\/\//i.test(url)) return null;
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className={`${buttonClass("plain")} min-h-9! shrink-0 py-1!`}
    >
      Join<span className="sr-only"> {title} (opens another site)</span>
      <ExternalLink size={15} aria-hidden="true" />
    </a>
  );
}

export const formatEventTimes = ({ start, end, allDay }: EventView, zone: string): string =>
  allDay ? "All day" : `${formatTime(start, zone)} – ${formatTime(end, zone)}`;
