import type { Occurrence } from "#domain/calendar/event.ts";
import type { AutoJoinPolicy } from "#domain/calendar/policy.ts";
import { createCalendar } from "#records/calendars/calendars.ts";
import { decideEvents } from "#records/calendars/decide.ts";
import { storeOccurrences } from "#records/calendars/occurrences.ts";
import type { PrismaClient } from "#records/db.ts";
import { testSealer } from "#tests/setup/seal.ts";

export const openPolicy: AutoJoinPolicy = { enabled: true, percent: 100, domains: [], botProvider: null };

/** An event in an hour, in a Meet room, unless said otherwise. */
export function occurrence(given: Partial<Occurrence> = {}): Occurrence {
  const startsAt = given.startsAt ?? new Date(Date.now() + 3_600_000);
  return {
    uid: "event@example.com",
    originalStart: "",
    title: "Planning",
    description: "",
    location: "",
    startsAt,
    endsAt: new Date(startsAt.getTime() + 1_800_000),
    isAllDay: false,
    timeZone: null,
    isCancelled: false,
    isTentative: false,
    organizer: null,
    attendees: [],
    meeting: { platform: "google_meet", room: "abc-defg-hij", url: "https://meet.google.com/abc-defg-hij" },
    ...given,
  };
}

/** A calendar of a person's, as its first sync leaves it. */
export async function addCalendar(
  prisma: PrismaClient,
  { userId, workspaceId }: { userId: string; workspaceId: string },
  occurrences: Occurrence[] = [occurrence()],
  policy = openPolicy,
): Promise<{ calendar: string; event: string }> {
  const draft = { kind: "ics" as const, name: "Work", url: "https://calendar.example.com/a.ics", content: null };
  const calendar = await createCalendar(
    { prisma, sealer: testSealer },
    { ...draft, addresses: [], userId, workspaceId },
  );
  if (calendar === null) throw new Error("too many calendars");
  const window = { from: new Date(0), to: new Date("2100-01-01") };
  await prisma.$transaction(async (tx) => {
    await storeOccurrences(tx, { calendarId: calendar, ownerId: userId, window }, occurrences);
    await decideEvents(tx, { ownerId: userId, calendarId: calendar, cause: "sync", policy });
  });
  const event = await prisma.calendarEvent.findFirst({ where: { calendarId: calendar }, orderBy: { startsAt: "asc" } });
  return { calendar, event: event?.id ?? "" };
}
