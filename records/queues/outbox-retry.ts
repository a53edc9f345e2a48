import { audit } from "../accounts/audit.ts";
import type { PrismaClient } from "../db.ts";
import { outboxChannel } from "./outbox.ts";

/**
 * Hands a dead row of the outbox over again, and notes who asked. Its creation becomes now, from which the day is
 * counted after which it is given up. False: there is no such row, or it is not dead.
 */
export async function retryOutbox(
  prisma: PrismaClient,
  { id, actorId }: { id: string; actorId: string },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const now = new Date();
    const { count } = await tx.outbox.updateMany({
      where: { id, state: "dead" },
      data: { state: "new", attempts: 0, nextAt: now, createdAt: now, leaseUntil: null, error: null, doneAt: null },
    });
    if (count === 0) return false;
    await audit(tx, { actorId, action: "outbox.retry", subject: id });
    await tx.$queryRaw`SELECT pg_notify(${outboxChannel}, '')::text AS told`;
    return true;
  });
}
