import type { Occurrence } from "#domain/calendar/event.ts";
import type { AutoJoinPolicy } from "#domain/calendar/policy.ts";
import { syncProblems } from "#domain/calendar/sync-problem.ts";
import type { SyncProblem } from "#domain/calendar/sync-problem.ts";
import type { Calendar } from "#prisma/generated/client.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import { notifyConsentNeeded } from "./accounts.ts";
import { calendarChanged } from "./change-events.ts";
import { decideEvents, lockRules } from "./decide.ts";
import { storeOccurrences } from "./occurrences.ts";

/** A sync under way. Only whoever has the calendar's present lease may write its result. */
export interface Sync {
  calendar: Calendar;
  leaseUntil: Date;
}

/** What a reading of a calendar gave. `content`: its text, where that is new. */
export interface Reading {
  name: string | null;
  timeZone: string | null;
  occurrences: Occurrence[];
  skipped: { reason: string; count: number }[];
  window: { from: Date; to: Date };
  /** From where on the provider of an account's calendar tells of changes. */
  cursor?: string;
  content: { body: Uint8Array<ArrayBuffer>; sha256: string; etag: string | null; lastModified: string | null } | null;
}

const transactionMs = { timeout: 60_000, maxWait: 10_000 };

/** Takes a calendar for a sync, unless it is gone, or another worker has it just now. */
export async function beginSync(
  prisma: PrismaClient,
  calendarId: string,
  leaseMs: number,
): Promise<Sync | "gone" | "busy"> {
  const taken = await prisma.$queryRaw<{ until: Date }[]>`
    UPDATE calendar SET lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond', started_at = clock_timestamp()
    WHERE id = ${calendarId}::uuid AND (lease_until IS NULL OR lease_until < clock_timestamp())
    RETURNING lease_until AS until`;
  const calendar = await prisma.calendar.findUnique({ where: { id: calendarId } });
  if (calendar === null) return "gone";
  const [row] = taken;
  if (row === undefined) return "busy";
  await prisma.$transaction((tx) => announce(tx, [calendarChanged(calendar.ownerId, calendar.id)]));
  return { calendar, leaseUntil: row.until };
}

/** Keeps what a sync found (null: nothing new) and decides about it. False: another sync has begun since. */
export async function completeSync(
  prisma: PrismaClient,
  sync: Sync,
  reading: Reading | null,
  { policy, nextInMs }: { policy: AutoJoinPolicy; nextInMs: number },
): Promise<boolean> {
  const { id, ownerId, timeZone } = sync.calendar;
  return prisma.$transaction(async (tx) => {
    await lockRules(tx, ownerId);
    if (!(await holdsLease(tx, sync))) return false;
    if (reading !== null) {
      await storeOccurrences(tx, { calendarId: id, ownerId, window: reading.window }, reading.occurrences);
      if (reading.content !== null) await keepContent(tx, id, reading.content);
    }
    await decideEvents(tx, { ownerId, calendarId: id, policy, cause: "sync" });
    await tx.calendar.update({
      where: { id },
      data: {
        ...(reading === null
          ? {}
          : {
              skipped: reading.skipped,
              expandedAt: new Date(),
              timeZone: reading.timeZone ?? timeZone,
              ...(reading.cursor === undefined ? {} : { cursor: reading.cursor }),
            }),
        leaseUntil: null,
        syncedAt: new Date(),
        nextSyncAt: new Date(Date.now() + nextInMs),
        failures: 0,
        failingSince: null,
        problem: null,
      },
    });
    await announce(tx, [calendarChanged(sync.calendar.ownerId, sync.calendar.id)]);
    return true;
  }, transactionMs);
}

/** A person is told of a calendar that cannot be read once it failed this often in a row, */
const failuresUntilNotice = 3;
/** or at once, where waiting does not help. */
const permanent: readonly SyncProblem[] = [
  "refused",
  "not_allowed",
  "gone",
  "not_a_calendar",
  "too_large",
  "too_slow",
  "locked",
  "consent_needed",
  "unshared",
];

/** Keeps why a sync failed. The events stay as they were. */
export async function failSync(
  prisma: PrismaClient,
  sync: Sync,
  problem: SyncProblem,
  nextInMs: number,
): Promise<boolean> {
  const { calendar } = sync;
  return prisma.$transaction(async (tx) => {
    if (!(await holdsLease(tx, sync))) return false;
    const failingSince = calendar.failingSince ?? new Date();
    const failures = calendar.failures + 1;
    await tx.calendar.update({
      where: { id: calendar.id },
      data: { leaseUntil: null, nextSyncAt: new Date(Date.now() + nextInMs), failures, failingSince, problem },
    });
    const isTold = failures >= failuresUntilNotice || permanent.includes(problem);
    const news = isTold ? await tellOwner(tx, calendar, problem, failingSince) : [];
    await announce(tx, [...news, calendarChanged(calendar.ownerId, calendar.id)]);
    return true;
  }, transactionMs);
}

// Once for each time that it began to fail; of an account once for all its calendars.
async function tellOwner(
  tx: Tx,
  { id, ownerId, name, accountId }: Calendar,
  problem: SyncProblem,
  since: Date,
): Promise<Announcement[]> {
  if (problem === "consent_needed" && accountId !== null) return notifyConsentNeeded(tx, accountId);
  return notify(
    tx,
    {
      userId: ownerId,
      dedupeKey: `calendar.failing:${id}:${since.getTime()}`,
      type: "calendar.failing",
      title: `The calendar “${name}” cannot be read`,
      body: syncProblems[problem],
      link: "/calendar/connections",
    },
    null,
  );
}

/** The calendars whose next sync is due, the longest due first. */
export async function dueCalendars(db: Db, most: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM calendar WHERE kind <> 'file' AND next_sync_at <= clock_timestamp()
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    ORDER BY next_sync_at LIMIT ${most}`;
  return rows.map(({ id }) => id);
}

async function holdsLease(tx: Tx, { calendar, leaseUntil }: Sync): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ until: Date | null }[]>`
    SELECT lease_until AS until FROM calendar WHERE id = ${calendar.id}::uuid FOR UPDATE`;
  return row?.until?.getTime() === leaseUntil.getTime();
}

async function keepContent(
  tx: Tx,
  calendarId: string,
  { body, sha256, etag, lastModified }: NonNullable<Reading["content"]>,
) {
  const data = { body, sha256 };
  await tx.calendarContent.upsert({ where: { calendarId }, create: { calendarId, ...data }, update: data });
  await tx.calendar.update({ where: { id: calendarId }, data: { etag, lastModified } });
}
