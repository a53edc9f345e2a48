import { botReasons, isBotInCall } from "#domain/bot.ts";
import type { BotReason, BotState, BotStatus } from "#domain/bot.ts";
import type { Recorder } from "#prisma/generated/client.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { applyRunEvent } from "../runs/runs.ts";
import { noticeOf, notifyOfBot } from "./notices.ts";

/** What people read while the bot is on its way. */
const words: Partial<Record<BotState, string>> = {
  requested: "The bot was sent",
  joining: "The bot is joining",
  waiting_room: "The bot waits to be let in",
};

interface Ref {
  runId: string;
  recorderId: string;
  attempt: number;
}

/**
 * Keeps what is known of a bot, and moves the run by it. A status older than the one that is kept changes nothing. Gives
 * back why the bot is out, if it is, where we know better than its provider.
 */
export async function keepBot(
  prisma: PrismaClient,
  ref: Ref,
  provider: string,
  status: BotStatus,
): Promise<BotReason | null> {
  return prisma.$transaction(async (tx) => {
    const before = await lockRecorder(tx, ref.recorderId);
    if (before === null) return status.reason;
    const reason = reasonOf(status.reason, before);
    if (isOlder(before, status)) return reason;
    const recorder = await tx.recorder.update({
      where: { id: ref.recorderId },
      data: {
        provider,
        botId: status.id,
        botState: status.state,
        botReason: reason,
        botDetail: status.detail,
        botStateAt: status.at,
        joinedAt: status.joinedAt ?? (before.botId === status.id ? before.joinedAt : null),
        leftAt: status.leftAt,
      },
    });
    // The person's own topic comes before their workspace's in the order in which topics are locked.
    const notice = noticeOf(before.botId === status.id ? (before.botState as BotState | null) : null, status.state);
    if (notice !== null) await announce(tx, await notifyOfBot(tx, { recorder, attempt: ref.attempt }, notice, ""));
    const message = words[status.state];
    if (message !== undefined) await applyRunEvent(tx, ref.runId, { type: "joining", message }, ref.attempt);
    if (isBotInCall(status.state)) await applyRunEvent(tx, ref.runId, { type: "callBegan" }, ref.attempt);
    return reason;
  });
}

// Its provider knows that it was told to leave, and we know why.
const reasonOf = (reason: BotReason | null, { dismissedFor }: Recorder) =>
  reason === "stopped" && dismissedFor !== null ? (dismissedFor as BotReason) : reason;

const isOlder = (before: Recorder, status: BotStatus) =>
  before.botId === status.id && before.botStateAt !== null && before.botStateAt > status.at;

async function lockRecorder(tx: Tx, id: string): Promise<Recorder | null> {
  await tx.$queryRaw`SELECT 1 FROM recorder WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.recorder.findUnique({ where: { id } });
}

/** Why nothing was recorded, in words. */
export const botReasonMessage = (reason: BotReason | null): string => botReasons[reason ?? "unknown"];
