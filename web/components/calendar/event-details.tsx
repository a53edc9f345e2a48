import { platformNames } from "#domain/calendar/event.ts";
import type { ReactNode } from "react";
import { Link, href } from "react-router";
import type { EventDetail } from "#records/calendars/events.ts";
import { Time } from "../ui/time.tsx";
import { buttonClass } from "../ui/button.tsx";
import { BotMark } from "./bot-mark.tsx";
import { canOverride, isSettled, noBotYet, responseLabels } from "./calendar-labels.ts";
import { formatDay, formatTime, wallTime } from "./days.ts";
import { DecisionMark } from "./decision-mark.tsx";
import { LinkedText } from "./linked-text.tsx";
import { OverrideControl } from "./override-control.tsx";
import { spanOf } from "./week-layout.ts";

interface EventDecisionProps {
  event: EventDetail;
  now: Date;
  hasBots: boolean;
  /** Whether there are bots that can join where it is held. */
  canSend: boolean;
}

/** What was decided about an event, and what can be said about it. */
export function EventDecision({ event, now, hasBots, canSend }: EventDecisionProps) {
  const { decision, title, meetingUrl, status } = event;
  const isOver = event.end <= now;
  const isOffered =
    canSend && !isOver && !event.cancelled && meetingUrl !== null && (status === null || status === "failed");
  return (
    <section aria-labelledby="decision" className="panel space-y-3 p-5 sm:p-6">
      <h2 id="decision" className="text-xl">
        Joining automatically
      </h2>
      <DecisionMark {...decision} wasToBe={isSettled(event, now)} />
      <BotMark {...event} />
      <p className="text-sm text-soft">
        Decided <Time at={decision.decidedAt} />
      </p>
      {decision.join && !isOver && !hasBots ? <p className="text-sm">{noBotYet}</p> : null}
      <div className="flex flex-wrap items-center gap-2 empty:hidden">
        {!isOver && canOverride(event) ? <OverrideControl event={event} /> : null}
        {isOffered ? (
          <Link
            to={`${href("/meetings/join-bot")}?${new URLSearchParams({ link: meetingUrl, title })}`}
            className={`${buttonClass("plain")} min-h-9! px-3! py-1!`}
          >
            Send a bot now
          </Link>
        ) : null}
      </div>
    </section>
  );
}

/** What the calendar says of an event. */
export function EventFacts({ event, zone }: { event: EventDetail; zone: string }) {
  const { location, description, organizer, attendees, platform, meetingUrl } = event;
  return (
    <dl className="panel space-y-4 p-5 sm:p-6">
      <Fact name="When">{whenWords(event, zone)}</Fact>
      {meetingUrl === null ? null : (
        <Fact name={platform === null ? "Link" : platformNames[platform]}>
          <LinkedText text={meetingUrl} />
        </Fact>
      )}
      {location === "" || location === meetingUrl ? null : (
        <Fact name="Where">
          <LinkedText text={location} />
        </Fact>
      )}
      <Fact name="Calendar">{event.calendarName}</Fact>
      {organizer === null ? null : <Fact name="Called by">{organizer}</Fact>}
      {attendees.length === 0 ? null : (
        <Fact name="Invited">
          <ul className="space-y-1">
            {attendees.map(({ email, name, response }) => (
              <li key={email} className="flex flex-wrap gap-x-3">
                <span className="min-w-0 break-words">{name ? `${name} (${email})` : email}</span>
                <span className="text-soft">{responseLabels[response]}</span>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {description === "" ? null : (
        <Fact name="Description">
          <LinkedText text={description} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-soft">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function whenWords(event: EventDetail, zone: string): string {
  const { from, last } = spanOf(event, zone);
  const isOneDay = from.day === last;
  if (event.allDay) return isOneDay ? `${formatDay(last)}, all day` : `${formatDay(from.day)} to ${formatDay(last)}`;
  const end = formatTime(event.end, zone);
  const until = isOneDay ? end : `${formatDay(wallTime(event.end, zone).day)}, ${end}`;
  return `${formatDay(from.day)}, ${formatTime(event.start, zone)} to ${until} (${zone.replaceAll("_", " ")})`;
}
