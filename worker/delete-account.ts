import type { Logger } from "pino";
import { timing } from "#domain/timing.ts";
import { carryOutDeletion } from "#records/accounts/carry-out-deletion.ts";
import { orderNextTurn } from "#records/accounts/delete-account.ts";
import type { PrismaClient } from "#records/db.ts";
import type { OutboxPayloads } from "#records/queues/outbox.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
}

/**
 * Removes an account part by part, for as long as one delivery may take. What is left, or has to be waited for, is for
 * another order: one that is put back would be counted among those that somebody has to look after.
 */
export async function deleteAccount({ prisma, log }: Deps, order: OutboxPayloads["account.deleted"]): Promise<void> {
  const { userId } = order;
  const until = Date.now() + timing.deletion.turnMs;
  for (;;) {
    const progress = await carryOutDeletion(prisma, userId);
    if (progress === "done") return log.info({ userId }, "account deleted");
    if (progress === "waits") return orderNextTurn(prisma, order, new Date(Date.now() + timing.deletion.lookMs));
    if (Date.now() >= until) return orderNextTurn(prisma, order, new Date());
  }
}
