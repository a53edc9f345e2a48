import { z } from "zod";
import { occurrenceLimits } from "#domain/calendar/event.ts";
import type { Attendee, Occurrence, Response } from "#domain/calendar/event.ts";
import { findMeeting } from "#domain/calendar/meeting-link.ts";
import { cleanLine, cleanProse, cut } from "#domain/text.ts";
import type { AskedCalendar } from "./account-client.ts";
import { addressOf, keptAttendees, personName } from "./attendees.ts";
import { instantOf, namedZone, startOfDay } from "./event-times.ts";

const Time = z.object({
  date: z.string().optional(),
  dateTime: z.string().optional(),
  timeZone: z.string().optional(),
});
type Time = z.infer<typeof Time>;

const Guest = z.object({
  email: z.string().optional(),
  displayName: z.string().optional(),
  self: z.boolean().default(false),
  resource: z.boolean().default(false),
  responseStatus: z.string().optional(),
});

/** An event as `events.list` gives it with `singleEvents`: one occurrence of a series, or an event of its own. */
const Event = z.object({
  id: z.string().min(1),
  iCalUID: z.string().min(1).max(occurrenceLimits.uid).optional(),
  status: z.string().default("confirmed"),
  summary: z.string().default(""),
  description: z.string().default(""),
  location: z.string().default(""),
  start: Time,
  end: Time,
  recurringEventId: z.string().optional(),
  originalStartTime: Time.optional(),
  organizer: Guest.pick({ email: true }).optional(),
  attendees: z.array(Guest).default([]),
  hangoutLink: z.string().optional(),
  conferenceData: z
    .object({ entryPoints: z.array(z.object({ entryPointType: z.string().optional(), uri: z.string() })).default([]) })
    .optional(),
});
type Event = z.infer<typeof Event>;

/** What is asked of each event: nothing that is not kept or decided by. */
export const googleEventFields =
  "id,iCalUID,status,summary,description,location,start,end,recurringEventId,originalStartTime,organizer/email," +
  "attendees(email,displayName,self,resource,responseStatus),hangoutLink," +
  "conferenceData/entryPoints(entryPointType,uri)";

const answers: Record<string, Response> = { accepted: "accepted", declined: "declined", tentative: "tentative" };

/** In the form that iCalendar files give too, ids included; null where it makes no sense. */
export function googleOccurrence(
  given: unknown,
  calendar: AskedCalendar,
  jitsiHosts: readonly string[] = [],
): Occurrence | null {
  const parsed = Event.safeParse(given);
  if (!parsed.success) return null;
  const event = parsed.data;
  const at = (time: Time) =>
    time.dateTime === undefined ? startOfDay(time.date ?? "", calendar.timeZone) : instantOf(time.dateTime);
  const [startsAt, endsAt] = [at(event.start), at(event.end)];
  // A series is known by the same id in all its occurrences, and each by where the rule put it.
  const original = event.recurringEventId === undefined ? null : at(event.originalStartTime ?? event.start);
  if (startsAt === null || endsAt === null || (event.recurringEventId !== undefined && original === null)) return null;
  const isAllDay = event.start.dateTime === undefined;
  const { location, description } = event;
  return {
    uid: event.iCalUID ?? event.recurringEventId ?? event.id,
    originalStart: original?.toISOString() ?? "",
    title: cut(cleanLine(event.summary), occurrenceLimits.title),
    description: cut(cleanProse(description), occurrenceLimits.description),
    location: cut(cleanLine(location), occurrenceLimits.location),
    startsAt,
    endsAt: endsAt < startsAt ? startsAt : endsAt,
    isAllDay,
    timeZone: isAllDay ? null : namedZone(event.start.timeZone ?? calendar.timeZone),
    isCancelled: event.status === "cancelled",
    isTentative: event.status === "tentative",
    organizer: addressOf(event.organizer?.email),
    attendees: attendeesOf(event, calendar),
    meeting: findMeeting({ conferenceUrls: conferenceUrls(event), location, description }, jitsiHosts),
  };
}

/** Video first: a meeting's other entries are its telephone numbers and a page about them. */
function conferenceUrls({ conferenceData, hangoutLink }: Event): string[] {
  const entries = conferenceData?.entryPoints ?? [];
  const video = entries.filter(({ entryPointType }) => entryPointType === "video");
  return [...video, ...entries.filter((each) => !video.includes(each))]
    .map(({ uri }) => uri)
    .concat(hangoutLink ?? [])
    .slice(0, 10);
}

function attendeesOf({ attendees }: Event, { email: own, remoteId }: AskedCalendar): Attendee[] {
  const isOwnCalendar = remoteId.toLowerCase() === own;
  const people = attendees.filter(({ resource }) => !resource);
  const listed = people.flatMap(({ email, displayName, self, responseStatus }): Attendee[] => {
    // In the person's own calendar Google marks them also where they are invited by another of their addresses.
    const address = self && isOwnCalendar ? own : addressOf(email);
    const response = answers[responseStatus ?? ""] ?? "needs_action";
    return address === null ? [] : [{ email: address, name: personName(displayName), response }];
  });
  return keptAttendees(listed, own);
}
