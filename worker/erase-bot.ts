import type { Logger } from "pino";
import { senderOf } from "#activities/clients/bots/bots.ts";
import type { Bots } from "#activities/clients/bots/bots.ts";
import type { PrismaClient } from "#records/db.ts";
import type { OutboxPayloads } from "#records/queues/outbox.ts";
import { noteErasure } from "#records/bot-visits/erasure.ts";

interface Deps {
  prisma: PrismaClient;
  bots: Bots;
  log: Logger;
}

const deadlineMs = 60_000;

/** Erases what a bot recorded at its provider, and notes that it was done. One that is still at work is tried again. */
export async function eraseBot({ prisma, bots, log }: Deps, order: OutboxPayloads["bot.erase"]): Promise<void> {
  const { recorderId, provider, botId } = order;
  await senderOf(bots, provider).erase(botId, AbortSignal.timeout(deadlineMs));
  await noteErasure(prisma, order);
  log.info({ recorderId, provider, botId }, "bot's recording erased at its provider");
}
