import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { answerApi, callOf } from "./attendee-api.ts";
import type { AttendeeProject, AttendeeRequest } from "./attendee-api.ts";
import { createFakeBot, presentStates, TransitionRefused } from "./attendee-bot.ts";
import type { BotRules, FakeBot } from "./attendee-bot.ts";
import { playFault, sendJson } from "./attendee-faults.ts";
import type { AttendeeCall, AttendeeFault } from "./attendee-faults.ts";
import { createAttendeeWebhooks, stateChange } from "./attendee-webhooks.ts";
import type { AttendeeWebhookOptions, AttendeeWebhooks } from "./attendee-webhooks.ts";

export type { AttendeeFault } from "./attendee-faults.ts";
export type { FakeBot } from "./attendee-bot.ts";

/** What befalls a bot, by the names of `FakeBot`. */
export type BotMove = "join" | "waitingRoom" | "admit" | "deny" | "kick" | "end" | "everyoneLeft" | "silence" | "crash";

export interface FakeAttendeeOptions {
  apiKey?: string;
  /** Of the project's webhooks, in base64. */
  webhookSecret?: string;
  /** What befalls each new bot without being told, one move after the other; none: bots wait to be moved. */
  script?: readonly BotMove[];
  /** Between those moves, and between what Attendee does by itself (default 5). */
  stepMs?: number;
  recording?: BotRules["recording"];
  pageSize?: number;
  concurrentLimit?: number;
  /** Served as every bot's recording. */
  audio?: string;
}

/**
 * A stand-in of Attendee that speaks its protocol over HTTP: bots with their states and events, unique among the open
 * ones by key, transcripts, recordings to be downloaded, and a project's signed webhooks. What happens in the meetings is
 * told by a script, or to each bot by its name.
 */
export async function startFakeAttendee(options: FakeAttendeeOptions = {}) {
  const { apiKey = "attendee-key", webhookSecret = randomBytes(32).toString("base64"), stepMs = 5 } = options;
  const { audio = "tests/fixtures/two-cities.wav", recording = "ready" } = options;
  const requests: AttendeeRequest[] = [];
  const mostAtOnce = new Map<string, number>();
  const links = new Map<string, FakeBot>();
  let script = options.script ?? [];
  let hook: AttendeeWebhooks | null = null;
  let faults: { fault: AttendeeFault; left: number; call: AttendeeCall | null }[] = [];
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
      mostAtOnce.set(bot.meetingUrl, Math.max(present, mostAtOnce.get(bot.meetingUrl) ?? 0));
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
      void play(bot, script);
      return bot;
    },
    linkTo(bot) {
      const token = randomBytes(9).toString("base64url");
      links.set(token, bot);
      return `${project.baseUrl}/recordings/${bot.id}.mp3?signature=${token}`;
    },
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

  const takeFault = (call: AttendeeCall): AttendeeFault | null => {
    const entry = faults.find((each) => each.call === null || each.call === call);
    if (entry === undefined) return null;
    entry.left -= 1;
    faults = faults.filter(({ left }) => left > 0);
    return entry.fault;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://fake");
    if (path.startsWith("/recordings/")) return download(query.get("signature") ?? "", response);
    const method = request.method ?? "GET";
    const body = method === "POST" ? ((await json(request)) as Record<string, unknown>) : {};
    const record = { method, path, query, body, call: callOf(method, path), at: Date.now() };
    requests.push(record);
    const fault = takeFault(record.call);
    if (fault !== null && (await playFault(fault, response))) return undefined;
    if (request.headers.authorization !== `Token ${apiKey}`) {
      return sendJson(response, 401, { detail: "Invalid or disabled API key" });
    }
    // Done and not told: the answer goes into a connection that is cut first.
    if (fault?.kind === "lost") response.socket?.resetAndDestroy();
    return answerApi(record, project, response);
  }

  async function download(token: string, response: ServerResponse): Promise<void> {
    const bot = links.get(token);
    if (bot === undefined) return void response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
    if (!bot.hasRecording()) return void response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
    const bytes = await readFile(audio);
    return void response.writeHead(200, { "content-type": "audio/mpeg", "content-length": bytes.length }).end(bytes);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 400, { detail: `JSON parse error - ${String(error)}` });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const botsOf = (key: string) => project.bots.filter((bot) => bot.key === key);
  const close = async () => {
    hook = null;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };

  return {
    /** For `ATTENDEE_BASE_URL`. */
    baseUrl: project.baseUrl,
    apiKey,
    webhookSecret,
    requests,
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
    script(moves: readonly BotMove[]) {
      script = moves;
    },
    /** From now on, new bots' recordings come so. */
    recordings(how: BotRules["recording"]) {
      rules.recording = how;
    },
    /** The links given so far work no longer. */
    expireLinks: () => links.clear(),
    /** The most bots that were in one meeting at the same time. */
    mostAtOnce: (meetingUrl: string) => mostAtOnce.get(meetingUrl) ?? 0,
    /** How often the bots of a key were told to leave. */
    leavesOf: (key: string) => botsOf(key).reduce((sum, bot) => sum + bot.leaves(), 0),
    /** The next `times` requests (of one kind or of any) meet this fault. */
    failNext(fault: AttendeeFault, times = 1, call: AttendeeCall | null = null) {
      faults.push({ fault, left: times, call });
    },
    mend() {
      faults = [];
    },
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
