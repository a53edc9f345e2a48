import { writableBy } from "../accounts/access.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { enqueue } from "../queues/outbox.ts";

/**
 * Notes that a person says to be the last to leave the call, or that its host ended it for all, so that processing
 * starts without waiting for the provider's own event. False: no such meeting for this person.
 */
export async function leaveMeeting(
  prisma: PrismaClient,
  { userId, id, endForAll }: { userId: string; id: string; endForAll: boolean },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const run = await tx.run.findFirst({
      where: { conversationId: id, kind: "meeting", ...writableBy(userId) },
      select: { id: true },
    });
    if (run === null) return false;
    await orderLeave(tx, { runId: run.id, meetingId: id, at: new Date(), ...(endForAll ? {} : { by: userId }) });
    return true;
  });
}

/** The order behind `leaveMeeting`, for a guest who was let in by other means. Without `by` it is over for everybody. */
export const orderLeave = (
  tx: Tx,
  { runId, meetingId, at, by }: { runId: string; meetingId: string; at: Date; by?: string },
) =>
  enqueue(tx, {
    kind: "meeting.leave",
    payload: { meetingId, at: at.getTime(), ...(by === undefined ? {} : { by }) },
    dedupeKey: `meeting.leave:${meetingId}:${at.getTime()}:${by ?? ""}`,
    partitionKey: runId,
  });

/**
 * Has the provider end a call that is over for us and may not be for those in it: ended for all, cancelled, cut off. The
 * practice room asks how its meeting stands, and needs no telling.
 */
export async function orderCallEnd(tx: Tx, meetingId: string): Promise<void> {
  const meeting = await tx.meeting.findUnique({ where: { id: meetingId } });
  if (meeting === null || meeting.provider === "practice") return;
  const { lastStartedAt, endedAt } = meeting;
  // One that has not begun may be held yet: a cancelled meeting can be started again.
  if (lastStartedAt === null || (endedAt !== null && endedAt >= lastStartedAt)) return;
  await enqueue(tx, {
    kind: "call.end",
    payload: { meetingId },
    dedupeKey: `call.end:${meetingId}:${lastStartedAt.getTime()}`,
    partitionKey: `call ${meetingId}`,
  });
}
