import type { Logger } from "pino";
import type { BotProviderId } from "#domain/bot.ts";
import type { PrismaClient } from "../db.ts";
import { orderDueRecorders } from "./order-due.ts";
import { cancelUnwantedRecorders } from "./cancel-unwanted.ts";

/**
 * One pass of auto-join: calls off the visits that nobody wants any more and orders those that are due. Nothing is
 * ordered where nobody could make a visit: `provider` is who would send the bots.
 */
export async function sweepRecorders(
  prisma: PrismaClient,
  { provider, log }: { provider: BotProviderId | null; log: Logger },
): Promise<{ ordered: number }> {
  await cancelUnwantedRecorders(prisma);
  if (provider === null) return { ordered: 0 };
  const onError = (error: unknown, eventId: string) => log.error({ err: error, eventId }, "visit could not be ordered");
  const ordered = await orderDueRecorders(prisma, { provider, onError });
  if (ordered > 0) log.info({ ordered }, "bots ordered");
  return { ordered };
}
