import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { sendJson } from "./bot-faults.ts";
import { countPresent, startBotService } from "./bot-service.ts";
import { answerApi, callOf } from "./recall-api.ts";
import type { Answered, RecallCall, RecallWorkspace } from "./recall-api.ts";
import { createFakeRecallBot } from "./recall-bot.ts";
import type { FakeRecallBot, RecallRules } from "./recall-bot.ts";
import { createRecallWebhooks, statusChange } from "./recall-webhooks.ts";
import type { RecallWebhookOptions, RecallWebhooks } from "./recall-webhooks.ts";

export type { FakeRecallBot } from "./recall-bot.ts";

export interface FakeRecallOptions {
  apiKey?: string;
  /** Of the workspace's webhooks, `whsec_…`. */
  webhookSecret?: string;
  /** Between what Recall does by itself (default 5). */
  stepMs?: number;
  recording?: RecallRules["recording"];
  pageSize?: number;
  pool?: number;
  /** Served as every bot's recording. */
  audio?: string;
}

/**
 * A stand-in of Recall.ai that speaks its protocol over HTTP: bots with their status changes, found by metadata, created
 * once under each idempotency key, recordings and transcripts to be downloaded, and a workspace's signed webhooks.
 */
export async function startFakeRecall(options: FakeRecallOptions = {}) {
  const { apiKey = "recall-key", webhookSecret = `whsec_${randomBytes(24).toString("base64")}`, stepMs = 5 } = options;
  const { audio = "tests/fixtures/two-cities.wav", recording = "ready" } = options;
  const presence = countPresent();
  const answered: Answered = new Map();
  let hook: RecallWebhooks | null = null;
  let lastTime = 0;

  const rules: RecallRules = {
    stepMs,
    recording,
    // Two changes at one moment would have no order.
    now: () => new Date((lastTime = Math.max(Date.now(), lastTime + 1))),
    changed(bot, change) {
      const there = workspace.bots.filter((each) => each.meetingUrl === bot.meetingUrl && each.isPresent());
      presence.note(bot.meetingUrl, there.length);
      hook?.send(statusChange(bot, change));
    },
  };

  const workspace: RecallWorkspace = {
    baseUrl: "",
    bots: [],
    pageSize: options.pageSize ?? 50,
    pool: options.pool ?? 1_000,
    hasCredit: true,
    add(order) {
      const bot = createFakeRecallBot(order, rules);
      workspace.bots.push(bot);
      void sleep(stepMs).then(() => (bot.state() === "ready" ? bot.begin() : undefined));
      return bot;
    },
    audioOf: (bot) =>
      service.linkTo(`${bot.id}.mp3`, {
        type: "audio/mpeg",
        read: () => (bot.hasRecording() ? readFile(audio) : null),
      }),
    transcriptOf: (bot) =>
      service.linkTo(`${bot.id}.json`, { type: "application/json", read: async () => Buffer.from(transcriptOf(bot)) }),
  };

  const service = await startBotService<RecallCall>({
    callOf,
    refuse(headers, response) {
      if (headers.authorization === `Token ${apiKey}`) return false;
      sendJson(response, 401, { detail: "Invalid API token." });
      return true;
    },
    answer: (request, response) => answerApi(request, workspace, { answered, response }),
  });
  workspace.baseUrl = service.baseUrl;

  const close = async () => {
    hook = null;
    await service.close();
  };

  return {
    ...service,
    apiKey,
    webhookSecret,
    /** All bots that were ever made, in their order. */
    bots: workspace.bots,
    /** Its `pool` and `hasCredit` may be set at any time. */
    workspace,
    /** The newest bot of a key. */
    bot(key: string): FakeRecallBot {
      const bot = workspace.bots.findLast((each) => each.key === key);
      if (bot === undefined) throw new Error(`no bot was ordered under ${key}`);
      return bot;
    },
    /** From now on, new bots' recordings come so. */
    recordings(how: RecallRules["recording"]) {
      rules.recording = how;
    },
    mostAtOnce: presence.mostAtOnce,
    /** From now on the workspace's webhooks go to this address. */
    webhook(url: string, more: RecallWebhookOptions = {}): RecallWebhooks {
      hook = createRecallWebhooks(url, webhookSecret, more);
      return hook;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export type FakeRecall = Awaited<ReturnType<typeof startFakeRecall>>;

/** As `docs/download-schemas` has it: a part for each turn, its words with their times. */
const transcriptOf = ({ utterances }: FakeRecallBot): string =>
  JSON.stringify(
    utterances.map(({ speaker, text, from, to }) => {
      const words = text.split(" ");
      const at = (index: number) => ({ relative: from + ((to - from) * index) / words.length });
      return {
        participant: { id: 100, name: speaker, is_host: null, platform: "unknown", extra_data: null },
        words: words.map((word, index) => ({ text: word, start_timestamp: at(index), end_timestamp: at(index + 1) })),
      };
    }),
  );
