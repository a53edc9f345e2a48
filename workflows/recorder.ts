import { CancellationScope, condition, setHandler } from "@temporalio/workflow";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { botReasons, isBotDone, isBotInCall } from "#domain/bot.ts";
import type { BotNews } from "#activities/recorders.ts";
import type { RunState } from "#domain/run.ts";
import { isBefore } from "#domain/stages.ts";
import { timing } from "#domain/timing.ts";
import { botChanged } from "./messages.ts";
import type { RunInput } from "./messages.ts";
import { bookkeeping, bots, light } from "./policies.ts";
import { runStory } from "./story.ts";
import type { Teller } from "./story.ts";

/**
 * A bot's visit to a meeting: waits for its hour, sends the bot if it is still wanted, stands by until it has left, and
 * makes what it recorded a recording of the workspace. Whatever ends the run, the bot does not stay behind.
 */
export async function recorder(input: RunInput): Promise<RunState> {
  let hints = 0;
  setHandler(botChanged, () => void (hints += 1));
  /** Until something was told, at most so long. */
  const news = async (withinMs: number) => {
    const seen = hints;
    await condition(() => hints !== seen, Math.max(1, withinMs));
  };
  return runStory(input, async (teller) => {
    if (isBefore(input.kind, input.resumeFrom, "collect")) {
      try {
        await attend(input, teller, news);
      } catch (error) {
        await CancellationScope.nonCancellable(() => bots.dismissBot(refOf(input)));
        throw error;
      }
    }
    await teller.stage("collect", (ref) => light.collectRecording(ref));
  });
}

const refOf = ({ runId, conversationId, attempt }: RunInput) => ({ runId, conversationId, attempt });

async function attend(input: RunInput, teller: Teller, news: (withinMs: number) => Promise<void>): Promise<void> {
  const ref = refOf(input);
  let opened = await bookkeeping.openRecorder(ref);
  while (Date.now() < opened.joinAt) {
    await news(opened.joinAt - Date.now());
    opened = await bookkeeping.openRecorder(ref);
  }
  teller.move({ type: "joining", message: "Sending the bot…" });
  const deployed = await bots.deployBot(ref);
  // Nobody asked for it any more when its hour came: called off, and nothing went wrong.
  if (!deployed.sent) throw new CancelledFailure(deployed.why);
  const last = await standBy(input, deployed.bot, { teller, news, leaveAt: opened.leaveAt });
  if (!last.wasIn && (last.reason === "stopped" || last.reason === "unwanted")) throw new CancelledFailure(last.reason);
  if (!last.wasIn) throw ApplicationFailure.nonRetryable(botReasons[last.reason ?? "unknown"], "not_recorded");
}

// Until the bot is out of the meeting for good. What its provider tells is a hint to ask; where it tells nothing, the
// clock is.
async function standBy(
  input: RunInput,
  first: BotNews,
  given: { teller: Teller; news: (withinMs: number) => Promise<void>; leaveAt: number },
): Promise<BotNews> {
  const ref = refOf(input);
  let bot = first;
  let isDismissed = false;
  while (!isBotDone(bot.state)) {
    if (isBotInCall(bot.state)) given.teller.move({ type: "callBegan" });
    if (Date.now() >= given.leaveAt && !isDismissed) {
      await bots.dismissBot(ref);
      isDismissed = true;
    }
    await given.news(isBotInCall(bot.state) ? timing.botPoll.inCallMs : timing.botPoll.joiningMs);
    bot = await bots.readBot(ref);
  }
  return bot;
}
