import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { answerApi, callOf } from "./attendee-api.ts";
import type { AttendeeCall, AttendeeProject } from "./attendee-api.ts";
import { createFakeBot, presentStates, TransitionRefused } from "./attendee-bot.ts";
import type { BotRules, FakeBot } from "./attendee-bot.ts";
import { createAttendeeWebhooks, stateChange } from "./attendee-webhooks.ts";
import type { AttendeeWebhookOptions, AttendeeWebhooks } from "./attendee-webhooks.ts";
import { sendJson } from "./bot-faults.ts";
import { countPresent, startBotService } from "./bot-service.ts";

export type { FakeBot } from "./attendee-bot.ts";

/** What befalls a bot, by the names of `FakeBot`. */
export type BotMove = "join" | "waitingRoom" | "admit" | "deny" | "kick" | "end" | "everyoneLeft" | "silence" | "crash";

/** The same for every bot, or by its order. */
export type BotScript = readonly BotMove[] | ((order: Record<string, unknown>) => readonly BotMove[]);

export interface FakeAttendeeOptions {
  apiKey?: string;
  /** Of the project's webhooks, in base64. */
  webhookSecret?: string;
  /** What befalls each new bot without being told, one move after the other; none: bots wait to be moved. */
  script?: BotScript;
  /** Between those moves, and between what Attendee does by itself (default 5). */
  stepMs?: number;
  recording?: BotRules["recording"];
  pageSize?: number;
  concurrentLimit?: number;
  /** The file that is served as every bot's recording, or as each one's. */
  audio?: string | ((bot: FakeBot) => string);
}

/**
 * A stand-in of Attendee that speaks its protocol over HTTP: bots with their states and events, unique among the open
 * ones by key, transcripts, recordings to be downloaded, and a project's signed webhooks. What happens in the meetings is
 * told by a script, or to each bot by its name.
 */
export async function startFakeAttendee(options: FakeAttendeeOptions = {}) {
  const { apiKey = "attendee-key", webhookSecret = randomBytes(32).toString("base64"), stepMs = 5 } = options;
  const { audio = "tests/fixtures/two-cities.wav", recording = "ready" } = options;
  const presence = countPresent();
  let script: BotScript = options.script ?? [];
  let hook: AttendeeWebhooks | null = null;
  let lastTime = 0;

  const rules: BotRules = {
    stepMs,
    recording,
    // Two events at one moment would have no order.
    now: () => new Date((lastTime = Math.max(Date.now(), lastTime + 1))),
    changed(bot, event) {
      const present = project.bots.filter(
        (each) => each.meetingUrl === bot.meetingUrl && presentStates.includes(each.state()),
      ).length;
      presence.note(bot.meetingUrl, present);
      hook?.send(stateChange(bot, event));
    },
  };

  const project: AttendeeProject = {
    baseUrl: "",
    bots: [],
    pageSize: options.pageSize ?? 25,
    concurrentLimit: options.concurrentLimit ?? 2500,
    hasCredits: true,
    add(order) {
      const bot = createFakeBot(order, rules);
      project.bots.push(bot);
      bot.begin();
      void play(bot, typeof script === "function" ? script(order) : script);
      return bot;
    },
    linkTo: (bot) =>
      service.linkTo(`${bot.id}.mp3`, {
        type: "audio/mpeg",
        read: () => (bot.hasRecording() ? readFile(typeof audio === "string" ? audio : audio(bot)) : null),
      }),
  };

  async function play(bot: FakeBot, moves: readonly BotMove[]): Promise<void> {
    try {
      for (const move of moves) {
        await sleep(stepMs);
        bot[move]();
      }
    } catch (error) {
      // Told to leave in the middle of its script.
      if (!(error instanceof TransitionRefused)) throw error;
    }
  }

  const service = await startBotService<AttendeeCall>({
    callOf,
    refuse(headers, response) {
      if (headers.authorization === `Token ${apiKey}`) return false;
      sendJson(response, 401, { detail: "Invalid or disabled API key" });
      return true;
    },
    answer: (request, response) => answerApi(request, project, response),
  });
  project.baseUrl = service.baseUrl;

  const botsOf = (key: string) => project.bots.filter((bot) => bot.key === key);
  const close = async () => {
    hook = null;
    await service.close();
  };

  return {
    ...service,
    apiKey,
    webhookSecret,
    /** All bots that were ever made, in their order. */
    bots: project.bots,
    /** Its `concurrentLimit` and `hasCredits` may be set at any time. */
    project,
    botsOf,
    /** The newest bot of a key. */
    bot(key: string): FakeBot {
      const bot = botsOf(key).at(-1);
      if (bot === undefined) throw new Error(`no bot was ordered under ${key}`);
      return bot;
    },
    /** What befalls bots that are made from now on. */
    script(moves: BotScript) {
      script = moves;
    },
    /** From now on, new bots' recordings come so. */
    recordings(how: BotRules["recording"]) {
      rules.recording = how;
    },
    /** The most bots that were in one meeting at the same time. */
    mostAtOnce: presence.mostAtOnce,
    /** How often the bots of a key were told to leave. */
    leavesOf: (key: string) => botsOf(key).reduce((sum, bot) => sum + bot.leaves(), 0),
    /** From now on the project's webhooks go to this address. */
    webhook(url: string, more: AttendeeWebhookOptions = {}): AttendeeWebhooks {
      hook = createAttendeeWebhooks(url, webhookSecret, more);
      return hook;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

export type FakeAttendee = Awaited<ReturnType<typeof startFakeAttendee>>;
