import { expect } from "vitest";
import type { Occurrence } from "#domain/calendar/event.ts";
import { decideEvents } from "#records/calendars/decide.ts";
import { storeOccurrences } from "#records/calendars/occurrences.ts";
import { addCalendar, openPolicy } from "#tests/calendars/calendar-fixtures.ts";
import { eventsOf } from "#tests/calendars/system.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { newRoom } from "./rooms.ts";
import { recorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

const minute = 60_000;
export const inMinutes = (minutes: number) => new Date(Math.ceil(Date.now() / minute) * minute + minutes * minute);

/** A room of its own in each test. */
export function newPlace() {
  const url = newRoom();
  return { platform: "google_meet" as const, room: url.slice(url.lastIndexOf("/") + 1), url };
}

/** A person who has everything recorded, and the calendar that they are given. */
export async function recordsAll(
  { web, db }: Pick<RecorderSystem, "web" | "db">,
  occurrences: Occurrence[],
  workspaceId?: string,
) {
  const person = await web.signUp();
  await person.json("/api/calendar/preferences", { method: "PATCH", body: { auto_record_enabled: true } });
  const { calendar } = await addCalendar(
    db.prisma,
    { userId: person.userId, workspaceId: workspaceId ?? person.workspaceId },
    occurrences,
  );
  return { person, calendar };
}

/** What the calendar lists from now on, as a sync would keep it. */
export async function relist(
  { db }: RecorderSystem,
  { calendar: calendarId, person }: { calendar: string; person: TestPerson },
  occurrences: Occurrence[],
) {
  const ownerId = person.userId;
  const window = { from: new Date(0), to: inMinutes(100_000) };
  await db.prisma.$transaction(async (tx) => {
    await storeOccurrences(tx, { calendarId, ownerId, window }, occurrences);
    await decideEvents(tx, { ownerId, calendarId, cause: "sync", policy: openPolicy });
  });
}

/** The bots that were ever sent into a meeting. */
export const botsIn = ({ attendee }: RecorderSystem, url: string) =>
  attendee.project.bots.filter(({ meetingUrl }) => meetingUrl === url);

/** The only visit of a person's workspaces. */
export async function only(person: TestPerson) {
  const all = await recorders(person);
  expect(all).toHaveLength(1);
  return all[0]!;
}

/** The person says "never" about their only event. */
export async function never(person: TestPerson) {
  const [{ id: eventId } = { id: "" }] = await eventsOf(person);
  await person.json("/api/calendar/auto-join/override", { method: "POST", body: { eventId, override: "never" } });
}
