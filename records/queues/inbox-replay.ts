import { meetingIdOfSubject, subjectOf } from "#domain/inbox.ts";
import { audit } from "../accounts/audit.ts";
import type { PrismaClient } from "../db.ts";
import type { Outcome } from "../outcome.ts";
import { inboxChannel } from "./inbox.ts";

/** What the audit calls a replay; its subject is the delivery. */
export const replayAction = "webhook.replay";

export type ReplayAnswer = Outcome<{ meetingId: string | null }>;

/**
 * Puts a delivery back to be handed over again, whatever became of it, and notes who did. Its time of receipt becomes
 * now, from which the day is counted after which it is given up; its id still tells when it first came.
 */
export async function replayDelivery(
  prisma: PrismaClient,
  { id, actorId }: { id: string; actorId: string },
): Promise<ReplayAnswer> {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM webhook_delivery WHERE id = ${id}::uuid FOR UPDATE`;
    const row = await tx.webhookDelivery.findUnique({
      where: { id },
      select: { subjectKind: true, subjectId: true, state: true },
    });
    if (row === null) return { ok: false, reason: "not_found" };
    if (row.state === "ignored") {
      const message =
        "No meeting waits for deliveries of this kind: they are kept only, so there is nothing to replay.";
      return { ok: false, reason: "conflict", message };
    }
    const meetingId = meetingIdOfSubject(subjectOf(row));
    const now = new Date();
    await tx.webhookDelivery.update({
      where: { id },
      data: { state: "new", attempts: 0, nextAt: now, receivedAt: now, leaseUntil: null, error: null, doneAt: null },
    });
    await audit(tx, {
      actorId,
      action: replayAction,
      subject: id,
      details: { was: row.state, meetingId },
    });
    await tx.$queryRaw`SELECT pg_notify(${inboxChannel}, '')::text AS told`;
    return { ok: true, meetingId };
  });
}
