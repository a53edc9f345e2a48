import { CancellationScope, condition, patched, setHandler } from "@temporalio/workflow";
import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { botReasons, isBotDone, isBotInCall } from "#domain/bot.ts";
import type { BotObservation } from "#activities/bot-visit.ts";
import type { StageInput } from "#activities/stage.ts";
import type { RunState } from "#domain/run.ts";
import { priorities } from "#domain/priorities.ts";
import { isBefore } from "#domain/stages.ts";
import { timing } from "#domain/timing.ts";
import { botChanged } from "./messages.ts";
import type { RunInput } from "./messages.ts";
import { bookkeeping, botsOn, downloadsOn } from "./policies.ts";
import { withRunLifecycle } from "./run-lifecycle.ts";
import type { RunContext } from "./run-lifecycle.ts";

/**
 * A bot's visit to a meeting: waits for its hour, sends the bot if it is still wanted, stands by until it has left, and
 * makes what it recorded a recording of the workspace. Whatever ends the run, the bot does not stay behind.
 */
export async function recorder(input: RunInput): Promise<RunState> {
  const bots = botsOn(input.botsQueue);
  // Many bots on their way in are looked at every few seconds: what somebody waits for goes before that.
  const polled = botsOn(input.botsQueue, priorities.poll);
  let hints = 0;
  let heard = 0;
  setHandler(botChanged, () => void (hints += 1));
  const news = async (withinMs: number) => {
    // What was told while something was looked at may be newer than what was seen.
    const isMissed = hints !== heard && patched("hints-while-looking");
    const seen = hints;
    const isTold = isMissed || (await condition(() => hints !== seen, Math.max(1, withinMs)));
    heard = hints;
    return isTold;
  };
  return withRunLifecycle(input, async (context) => {
    if (isBefore(input.kind, input.resumeFrom, "collect")) {
      try {
        await attend(input, { bots, polled, context, news });
      } catch (error) {
        await CancellationScope.nonCancellable(() => bots.dismissBot(refOf(input)));
        throw error;
      }
    }
    await context.stage("collect", async (ref) => {
      if (patched("recording-is-waited-for")) await untilReady(ref, { bots, polled, news });
      await downloadsOn(input.downloadsQueue).collectRecording(ref);
    });
  });
}

const refOf = ({ runId, conversationId, attempt }: RunInput) => ({ runId, conversationId, attempt });

interface Means {
  bots: ReturnType<typeof botsOn>;
  /** The same, for looks that nobody asked for. */
  polled: ReturnType<typeof botsOn>;
  /** Until something was told, at most so long; whether something was. */
  news(withinMs: number): Promise<boolean>;
}

// A provider takes its time to make a recording ready. Whoever fetches it need not hold a place until then.
async function untilReady(ref: StageInput, { bots, polled, news }: Means): Promise<void> {
  const until = Date.now() + timing.botRecordingMs;
  let isTold = true;
  while (Date.now() < until) {
    if (await (isTold ? bots : polled).isRecordingReady(ref)) return;
    isTold = await news(timing.botPoll.collectMs);
  }
}

async function attend(input: RunInput, given: Means & { context: RunContext }): Promise<void> {
  const { bots, news, context } = given;
  const ref = refOf(input);
  let opened = await bookkeeping.openRecorder(ref);
  while (Date.now() < opened.joinAt) {
    const isTold = await news(opened.joinAt - Date.now());
    // Whoever sends the bot looks at everything again, and where many are due at once, each look makes the last one late.
    if (!isTold && patched("goes-when-due")) break;
    opened = await bookkeeping.openRecorder(ref);
  }
  context.move({ type: "joining", message: "Sending the bot…" });
  const deployed = await bots.deployBot(ref);
  // Nobody asked for it any more when its hour came: called off, and nothing went wrong.
  if (!deployed.sent) throw new CancelledFailure(deployed.why);
  const last = await standBy(input, deployed.bot, { ...given, leaveAt: opened.leaveAt });
  if (!last.wasIn && (last.reason === "stopped" || last.reason === "unwanted")) throw new CancelledFailure(last.reason);
  if (!last.wasIn) throw ApplicationFailure.nonRetryable(botReasons[last.reason ?? "unknown"], "not_recorded");
}

// Bots that were sent in one second would be looked at in one second ever after.
const spread = (ms: number) => ms * (0.8 + Math.random() * 0.4);

// Until the bot is out of the meeting for good. What its provider tells is a hint to ask; where it tells nothing, the
// clock is.
async function standBy(
  input: RunInput,
  first: BotObservation,
  { bots, polled, context, news, leaveAt }: Means & { context: RunContext; leaveAt: number },
): Promise<BotObservation> {
  const ref = refOf(input);
  let bot = first;
  let isDismissed = false;
  while (!isBotDone(bot.state)) {
    if (isBotInCall(bot.state)) context.move({ type: "callBegan" });
    if (Date.now() >= leaveAt && !isDismissed) {
      await bots.dismissBot({ ...ref, why: "too_long" });
      isDismissed = true;
    }
    const isTold = await news(spread(isBotInCall(bot.state) ? timing.botPoll.inCallMs : timing.botPoll.joiningMs));
    bot = await (isTold ? bots : polled).readBot(ref);
  }
  return bot;
}
