import { momentIn } from "#domain/recorded-in-file.ts";
import { dayOf } from "#domain/recorded.ts";
import { timeZoneOf } from "../accounts/time-zones.ts";
import type { Db } from "../db.ts";

interface CallTimes {
  /** The day on which it began, by the clock of whoever made it; null: it has not begun, or is no meeting. */
  heldOn: string | null;
  durationMs: number | null;
}

/** When a meeting's call was. */
export async function callTimes(db: Db, { id, ownerId }: { id: string; ownerId: string | null }): Promise<CallTimes> {
  const call = await db.meeting.findUnique({ where: { id }, select: { startedAt: true, endedAt: true } });
  if (!call?.startedAt) return { heldOn: null, durationMs: null };
  const { startedAt, endedAt } = call;
  return {
    heldOn: dayOf(momentIn(startedAt, await timeZoneOf(db, ownerId))),
    durationMs: endedAt === null ? null : endedAt.getTime() - startedAt.getTime(),
  };
}
