import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { occurrenceLimits } from "#domain/calendar/event.ts";
import type { Attendee, Occurrence, Response } from "#domain/calendar/event.ts";
import { findMeeting } from "#domain/calendar/meeting-link.ts";
import { cleanLine, cleanProse, cut } from "#domain/text.ts";
import { zoneName } from "../calendar/ics-zones.ts";
import { addressOf, keptAttendees, personName } from "./attendees.ts";
import { instantOf, namedZone, startOfDay } from "./event-times.ts";

const Time = z.object({ dateTime: z.string(), timeZone: z.string().default("UTC") });
type Time = z.infer<typeof Time>;

const Person = z.object({
  emailAddress: z.object({ address: z.string().nullish(), name: z.string().nullish() }).nullish(),
});
const Answer = z.object({ response: z.string().nullish() }).nullish();

/** An event of a calendar view: one occurrence of a series, or an event of its own. */
const Event = z.object({
  id: z.string().min(1).max(occurrenceLimits.uid),
  iCalUId: z.string().min(1).max(occurrenceLimits.uid).nullish(),
  seriesMasterId: z.string().min(1).max(occurrenceLimits.uid).nullish(),
  subject: z.string().nullish(),
  body: z.object({ content: z.string().nullish() }).nullish(),
  start: Time,
  end: Time,
  originalStart: z.string().nullish(),
  originalStartTimeZone: z.string().nullish(),
  isAllDay: z.boolean().nullish(),
  isCancelled: z.boolean().nullish(),
  isOrganizer: z.boolean().nullish(),
  showAs: z.string().nullish(),
  location: z.object({ displayName: z.string().nullish(), locationUri: z.string().nullish() }).nullish(),
  organizer: Person.nullish(),
  attendees: z.array(Person.extend({ type: z.string().nullish(), status: Answer })).nullish(),
  responseStatus: Answer,
  onlineMeeting: z.object({ joinUrl: z.string().nullish() }).nullish(),
  onlineMeetingUrl: z.string().nullish(),
});
type Event = z.infer<typeof Event>;

/** What is asked of each event: nothing that is not kept or decided by. */
export const microsoftEventFields = Object.keys(Event.shape).join(",");

export interface MicrosoftCalendar {
  /** The account's own address. */
  email: string;
  /** Whether the calendar is the account's own, whose answers its events tell. */
  isOwn: boolean;
}

/** In the form that iCalendar files give too; null where it makes no sense. */
export function microsoftOccurrence(
  given: unknown,
  calendar: MicrosoftCalendar,
  jitsiHosts: readonly string[] = [],
): Occurrence | null {
  const parsed = Event.safeParse(given);
  if (!parsed.success) return null;
  const event = parsed.data;
  const zone = knownZone(event.originalStartTimeZone ?? "");
  const isAllDay = event.isAllDay ?? false;
  const [startsAt, endsAt] = [event.start, event.end].map((time) => at(time, isAllDay ? zone : null));
  const original = event.seriesMasterId ? originalOf(event, startsAt ?? null) : null;
  if (!startsAt || !endsAt || (event.seriesMasterId && original === null)) return null;
  const location = [event.location?.displayName, event.location?.locationUri].filter(Boolean).join(" ");
  const description = event.body?.content ?? "";
  const conferenceUrls = [event.onlineMeeting?.joinUrl, event.onlineMeetingUrl].filter(
    (url) => typeof url === "string",
  );
  return {
    // Occurrences have different ids of iCalendar here; what they share is their series.
    uid: event.seriesMasterId ?? event.iCalUId ?? event.id,
    originalStart: original?.toISOString() ?? "",
    title: cut(cleanLine(event.subject ?? ""), occurrenceLimits.title),
    description: cut(cleanProse(description), occurrenceLimits.description),
    location: cut(cleanLine(location), occurrenceLimits.location),
    startsAt,
    endsAt: endsAt < startsAt ? startsAt : endsAt,
    isAllDay,
    timeZone: isAllDay ? null : namedZone(zone),
    isCancelled: event.isCancelled ?? false,
    isTentative: event.showAs === "tentative",
    organizer: event.isOrganizer && calendar.isOwn ? calendar.email : addressOf(event.organizer?.emailAddress?.address),
    attendees: attendeesOf(event, calendar),
    meeting: findMeeting({ conferenceUrls, location, description }, jitsiHosts),
  };
}

/** Times come in UTC, as asked for; days as the midnight that begins them, wherever that is. */
function at({ dateTime, timeZone }: Time, dayZone: string | null): Date | null {
  const midnight = /^(\d{4}-\d\d-\d\d)T00:00:00(\.0+)?$/.exec(dateTime);
  if (dayZone !== null && midnight !== null) return startOfDay(midnight[1] ?? "", dayZone);
  if (/^(utc|tzone:.*utc)$/i.test(timeZone)) return instantOf(`${dateTime}Z`);
  try {
    const zoned = Temporal.PlainDateTime.from(dateTime).toZonedDateTime(knownZone(timeZone) ?? "UTC");
    return new Date(zoned.epochMilliseconds);
  } catch {
    return null;
  }
}

const originalOf = ({ originalStart }: Event, startsAt: Date | null): Date | null =>
  originalStart ? instantOf(originalStart) : startsAt;

const zones = new Map<string, string | null>();

/** By its IANA or Windows name. To look one up takes a while, and there are few. */
function knownZone(name: string): string | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const found = name === "" ? null : zoneName(name);
  if (zones.size < 1_000) zones.set(name, found);
  return found;
}

const answers: Record<string, Response> = {
  organizer: "accepted",
  accepted: "accepted",
  declined: "declined",
  tentativelyaccepted: "tentative",
};

const answerOf = (response: string | null | undefined): Response =>
  answers[response?.toLowerCase() ?? ""] ?? "needs_action";

/** The person's own answer is the event's; in the list of who is invited it is missing or late. */
function attendeesOf({ attendees, responseStatus, isOrganizer }: Event, calendar: MicrosoftCalendar): Attendee[] {
  const people = (attendees ?? []).filter(({ type }) => type?.toLowerCase() !== "resource");
  const listed = people.flatMap(({ emailAddress, status }): Attendee[] => {
    const email = addressOf(emailAddress?.address);
    return email === null
      ? []
      : [{ email, name: personName(emailAddress?.name), response: answerOf(status?.response) }];
  });
  const isInvited = calendar.isOwn && !isOrganizer && people.length > 0;
  if (!isInvited) return keptAttendees(listed, calendar.email);
  // Invited by another of their addresses, or with a group, they stand in no list.
  const own: Attendee = { email: calendar.email, name: null, response: answerOf(responseStatus?.response) };
  const name = listed.find(({ email }) => email === own.email)?.name ?? null;
  const others = listed.filter(({ email }) => email !== own.email);
  return keptAttendees([...others, { ...own, name }], calendar.email);
}
