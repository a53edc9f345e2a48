import type { Tx } from "../db.ts";

/** Why a bot is not wanted, as it would be written to a run's message. */
export type Unwanted = "gone" | "stopped" | "over" | "not_wanted";

/**
 * Whether a bot is still to go into its meeting: nobody stopped it, the meeting is not over, and, unless it was sent by
 * hand, it stands at this time and place in the calendar of somebody whose rules or word say so. The rows are read when
 * the bot is about to be sent, so that whatever changed until then counts.
 */
export async function whyUnwanted(tx: Tx, recorderId: string): Promise<Unwanted | null> {
  const recorder = await tx.recorder.findUnique({
    where: { id: recorderId },
    include: { watches: { include: { event: true } } },
  });
  if (recorder === null) return "gone";
  if (recorder.stoppedAt !== null) return "stopped";
  const { watches, endsAt, startsAt, room, platform } = recorder;
  if (endsAt !== null && endsAt <= new Date()) return "over";
  if (endsAt === null) return null;
  const isHere = watches.some(
    ({ event }) =>
      event.join &&
      event.removedAt === null &&
      event.platform === platform &&
      event.room === room &&
      event.startsAt.getTime() === startsAt.getTime(),
  );
  return isHere ? null : "not_wanted";
}
