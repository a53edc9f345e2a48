import type { Attendee, Occurrence } from "#domain/calendar/event.ts";
import type { SyncProblem } from "#domain/calendar/sync-problem.ts";
import { windowAround } from "#domain/calendar/window.ts";
import { createCalendar } from "#records/calendars/calendars.ts";
import { beginSync, completeSync, failSync } from "#records/calendars/sync.ts";
import type { Sync } from "#records/calendars/sync.ts";
import type { PrismaClient } from "#records/db.ts";
import { testSealer } from "#tests/setup/seal.ts";
import { openPolicy } from "./calendar-fixtures.ts";

const HOUR_MS = 3_600_000;
/** The next full hour, or so many after it. */
export const fullHour = (more = 0) => new Date((Math.ceil(Date.now() / HOUR_MS) + more) * HOUR_MS);

export const invited = (email: string, response: Attendee["response"] = "accepted", name: string | null = null) => ({
  email,
  name,
  response,
});

/** A calendar as a person connects it, and the syncs that follow. */
export async function syncedCalendar(
  prisma: PrismaClient,
  { userId, workspaceId }: { userId: string; workspaceId: string },
  { name = "Work", url = "https://calendar.example.com/secret/basic.ics" } = {},
) {
  const draft = { kind: "ics" as const, name, url, content: null, addresses: [] };
  const id = await createCalendar({ prisma, sealer: testSealer }, { ...draft, userId, workspaceId });
  if (id === null) throw new Error("The person has as many calendars as they may.");
  const begin = async (): Promise<Sync> => {
    const sync = await beginSync(prisma, id, 60_000);
    if (typeof sync === "string") throw new Error(`The calendar is ${sync}.`);
    return sync;
  };
  return {
    id,
    begin,
    /** Finds these events, as a sync does. */
    async list(occurrences: Occurrence[], skipped: { reason: string; count: number }[] = []) {
      const window = windowAround(new Date());
      const reading = { name: null, timeZone: null, occurrences, skipped, window, content: null };
      await completeSync(prisma, await begin(), reading, { policy: openPolicy, nextInMs: 300_000 });
      return prisma.calendarEvent.findMany({ where: { calendarId: id }, orderBy: { startsAt: "asc" } });
    },
    fail: async (problem: SyncProblem) => void (await failSync(prisma, await begin(), problem, 600_000)),
  };
}
