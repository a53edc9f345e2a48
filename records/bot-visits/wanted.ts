import type { CalendarEvent, Recorder } from "#prisma/generated/client.ts";
import type { Tx } from "../db.ts";

/** Why a bot is not wanted, as it would be written to a run's message. */
export type Unwanted = "gone" | "stopped" | "over" | "not_wanted";

/**
 * Whether a bot is still to go into its meeting: nobody stopped it, the meeting is not over, and, unless it was sent by
 * hand, it stands at this time and place in the calendar of somebody whose rules or word say so. The rows are read when
 * the bot is about to be sent, so that whatever changed until then counts.
 */
export async function cancelReason(tx: Tx, recorderId: string): Promise<Unwanted | null> {
  const recorder = await withEvents(tx, recorderId);
  if (recorder === null) return "gone";
  if (recorder.stoppedAt !== null) return "stopped";
  const { watches, endsAt } = recorder;
  if (endsAt !== null && endsAt <= new Date()) return "over";
  if (endsAt === null) return null;
  return watches.some(({ event }) => isWanted(event, recorder)) ? null : "not_wanted";
}

/**
 * Whether a bot that was sent is to leave before its meeting ends; `hasJoined`: it is in the meeting. Until then
 * whatever would keep it from being sent calls it back. What is being recorded goes on when the calendar changes, since
 * the meeting does too, but not when a person says "never" and nobody else wants it.
 */
export async function earlyLeaveReason(
  tx: Tx,
  recorderId: string,
  hasJoined: boolean,
): Promise<"stopped" | "unwanted" | null> {
  const recorder = await withEvents(tx, recorderId);
  if (recorder === null) return null;
  if (recorder.stoppedAt !== null) return "stopped";
  const { watches, endsAt } = recorder;
  if (endsAt === null || watches.some(({ event }) => isWanted(event, recorder))) return null;
  return !hasJoined || watches.some(({ event }) => event.reason === "override_never") ? "unwanted" : null;
}

const withEvents = (tx: Tx, id: string) =>
  tx.recorder.findUnique({ where: { id }, include: { watches: { include: { event: true } } } });

const isWanted = (event: CalendarEvent, { platform, room, startsAt }: Recorder) =>
  event.join &&
  event.removedAt === null &&
  event.platform === platform &&
  event.room === room &&
  event.startsAt.getTime() === startsAt.getTime();
