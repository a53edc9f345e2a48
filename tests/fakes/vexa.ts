import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { sendJson } from "./bot-faults.ts";
import { countPresent, startBotService } from "./bot-service.ts";
import { answerApi, callOf } from "./vexa-api.ts";
import type { VexaAccount, VexaCall } from "./vexa-api.ts";
import { createFakeVexaBot } from "./vexa-bot.ts";
import type { FakeVexaBot, VexaRules } from "./vexa-bot.ts";
import { createVexaWebhooks, statusChange } from "./vexa-webhooks.ts";
import type { VexaWebhookOptions, VexaWebhooks } from "./vexa-webhooks.ts";

export type { FakeVexaBot } from "./vexa-bot.ts";

export interface FakeVexaOptions {
  apiKey?: string;
  /** Of the account's webhooks. */
  webhookSecret?: string;
  /** Between what Vexa does by itself (default 5). */
  stepMs?: number;
  recording?: VexaRules["recording"];
  concurrentLimit?: number;
  /** Served as every bot's recording. */
  audio?: string;
}

/**
 * A stand-in of Vexa that speaks its protocol over HTTP: meetings that are planned and become a bot's, one bot in each,
 * transcripts, recordings behind its key, and an account's signed webhooks.
 */
export async function startFakeVexa(options: FakeVexaOptions = {}) {
  const { apiKey = "vexa-key", webhookSecret = randomBytes(24).toString("hex"), stepMs = 5 } = options;
  const { audio = "tests/fixtures/two-cities.wav", recording = "ready" } = options;
  const presence = countPresent();
  const bots: FakeVexaBot[] = [];
  let hook: VexaWebhooks | null = null;
  let lastTime = 0;
  let lastId = 0;

  const rules: VexaRules = {
    stepMs,
    recording,
    // Two steps at one moment would have no order.
    now: () => new Date((lastTime = Math.max(Date.now(), lastTime + 1))),
    changed(bot, step) {
      if (step.to === "requested") bots.push(bot);
      const there = account.rows.filter((each) => each.meetingUrl === bot.meetingUrl && each.isPresent());
      presence.note(bot.meetingUrl, there.length);
      hook?.send(statusChange(bot, step));
    },
  };

  const account: VexaAccount = {
    rows: [],
    concurrentLimit: options.concurrentLimit ?? 100,
    hasSpeech: true,
    add(place) {
      const row = { ...place, id: (lastId += 1), status: "idle", createdAt: rules.now() };
      const bot = createFakeVexaBot(row, rules);
      account.rows.push(bot);
      return bot;
    },
    audioOf: () => readFile(audio),
  };

  const service = await startBotService<VexaCall>({
    callOf,
    refuse(headers, response) {
      if (headers["x-api-key"] === apiKey) return false;
      sendJson(response, 401, { detail: "Invalid API key" });
      return true;
    },
    answer: (request, response) => answerApi(request, account, response),
  });

  const close = async () => {
    hook = null;
    await service.close();
  };

  return {
    ...service,
    apiKey,
    webhookSecret,
    /** All that were ever sent into a meeting, in their order. */
    bots,
    /** Its `rows` hold plans too; `concurrentLimit` and `hasSpeech` may be set at any time. */
    account,
    /** The newest bot of a key. */
    bot(key: string): FakeVexaBot {
      const bot = bots.findLast(({ row }) => row.title === key);
      if (bot === undefined) throw new Error(`no bot was ordered under ${key}`);
      return bot;
    },
    /** From now on, new bots' recordings come so. */
    recordings(how: VexaRules["recording"]) {
      rules.recording = how;
    },
    mostAtOnce: presence.mostAtOnce,
    /** From now on the account's webhooks go to this address. */
    webhook(url: string, more: VexaWebhookOptions = {}): VexaWebhooks {
      hook = createVexaWebhooks(url, webhookSecret, more);
      return hook;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export type FakeVexa = Awaited<ReturnType<typeof startFakeVexa>>;
