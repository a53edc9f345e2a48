import type { Logger } from "pino";
import { isBotInCall } from "#domain/bot.ts";
import type { BotState } from "#domain/bot.ts";
import { whyLeave } from "#domain/bot-watch.ts";
import type { WatchLimits } from "#domain/bot-watch.ts";
import { timing } from "#domain/timing.ts";
import type { Recorder } from "#prisma/generated/client.ts";
import type { PrismaClient } from "#records/db.ts";
import type { BotProvider } from "./clients/bots/bot-provider.ts";

interface Given {
  prisma: PrismaClient;
  log: Logger;
  limits: WatchLimits;
}

/**
 * Looks into the meeting of a bot that is in a call, now and then, and says whether there is still anything to record.
 * A provider that cannot tell now is asked the next time.
 */
export async function watchMeeting(
  { prisma, log, limits }: Given,
  { id, botId, watchedAt, startsAt, ...before }: Recorder,
  { provider, state, signal }: { provider: BotProvider; state: BotState; signal: AbortSignal },
): Promise<"alone" | "silent" | null> {
  const now = new Date();
  if (provider.presence === undefined || botId === null || !isBotInCall(state)) return null;
  if (watchedAt !== null && now.getTime() - watchedAt.getTime() < timing.botPoll.watchMs) return null;
  try {
    const presence = await provider.presence(botId, signal);
    if (presence === null) return null;
    const aloneSince = presence.people === 0 ? (before.aloneSince ?? now) : null;
    const heardAt = presence.lastSpokenAt ?? before.heardAt;
    await prisma.recorder.updateMany({ where: { id }, data: { watchedAt: now, aloneSince, heardAt } });
    return whyLeave({ startsAt, aloneSince, heardAt }, limits, now);
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ err: error, recorderId: id, provider: provider.id }, "nobody can say who is in the bot's meeting");
    return null;
  }
}
