import type { Prisma } from "#prisma/generated/client.ts";
import type { BotProviderId } from "#domain/bot.ts";
import type { PrismaClient } from "../db.ts";
import { cancelRunRow } from "../run-requests.ts";
import { orderDueRecorders } from "./due.ts";
import { tellWorkflow } from "./requests.ts";
import { whyUnwanted } from "./wanted.ts";

const batchSize = 500;

/** Calls off the visits that wait and are not wanted any more, since their event moved, went, or is decided otherwise. */
export function cancelUnwantedRecorders(prisma: PrismaClient): Promise<void> {
  return cancelUnwanted(prisma, {});
}

/**
 * Lets what a person has changed reach their visits at once, where `provider` sends bots: passes of auto-join and looks
 * at the bot would find it within a minute, and do where this fails. To be called when the change is kept.
 */
export async function reviewVisits(
  prisma: PrismaClient,
  ownerId: string,
  provider: BotProviderId | null,
): Promise<void> {
  const theirs = { watches: { some: { event: { ownerId } } } };
  await cancelUnwanted(prisma, theirs);
  const sent = await prisma.recorder.findMany({
    where: { ...theirs, requestedAt: { not: null }, run: { status: { in: ["pending", "starting", "active"] } } },
    select: { id: true },
    take: batchSize,
  });
  await prisma.$transaction(async (tx) => {
    for (const { id } of sent) await tellWorkflow(tx, id);
  });
  if (provider !== null) await orderDueRecorders(prisma, { provider, ownerId, onError: () => undefined });
}

async function cancelUnwanted(prisma: PrismaClient, which: Prisma.RecorderWhereInput): Promise<void> {
  const waiting = await prisma.recorder.findMany({
    where: { ...which, endsAt: { not: null }, requestedAt: null, run: { status: "pending", cancelRequested: false } },
    select: { id: true, runId: true },
    take: batchSize,
  });
  for (const { id, runId } of waiting) {
    await prisma.$transaction(async (tx) => {
      if ((await whyUnwanted(tx, id)) !== null) await cancelRunRow(tx, runId);
    });
  }
}
