import type { Prisma } from "#prisma/generated/client.ts";
import { audit } from "../accounts/audit.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { enqueue } from "../queues/outbox.ts";
import type { OutboxPayloads } from "../queues/outbox.ts";

/** Orders that what bots recorded is erased at their providers, if that was not done. Bots that are at work come last. */
export async function orderErasure(tx: Tx, which: Prisma.RecorderWhereInput): Promise<void> {
  const recorders = await tx.recorder.findMany({
    where: { AND: [which, { erasedAt: null, botId: { not: null }, provider: { not: null } }] },
    select: { id: true, workspaceId: true, provider: true, botId: true },
    take: 500,
  });
  for (const { id, workspaceId, provider, botId } of recorders) {
    if (provider === null || botId === null) continue;
    await enqueue(tx, {
      kind: "bot.erase",
      payload: { recorderId: id, workspaceId, provider, botId },
      dedupeKey: `bot.erase:${provider}:${botId}`,
      partitionKey: `${provider}:${botId}`,
    });
  }
}

/** Orders it for the bots that have been done since before `done`: what they recorded is here. */
export const orderOldErasures = (prisma: PrismaClient, done: Date): Promise<void> =>
  prisma.$transaction((tx) =>
    orderErasure(tx, {
      botStateAt: { lt: done },
      run: { status: { in: ["completed", "failed", "cancelled"] }, updatedAt: { lt: done } },
    }),
  );

/** Notes that it was done, once, where it stays when the visit is gone. */
export async function noteErasure(
  prisma: PrismaClient,
  { recorderId, workspaceId, provider, botId }: OutboxPayloads["bot.erase"],
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const entry = { action: "bot.erase", subject: recorderId };
    const known = await tx.auditEntry.count({ where: { ...entry, details: { path: ["botId"], equals: botId } } });
    if (known > 0) return;
    await tx.recorder.updateMany({ where: { id: recorderId, botId }, data: { erasedAt: new Date() } });
    const isThere = (await tx.workspace.count({ where: { id: workspaceId } })) > 0;
    await audit(tx, {
      ...entry,
      workspaceId: isThere ? workspaceId : null,
      actorId: null,
      details: { provider, botId },
    });
  });
}
