import { isBotDone } from "#domain/bot.ts";
import type { BotStatus } from "#domain/bot.ts";
import { cleanLine, cut } from "#domain/text.ts";
import { readOffered } from "../calls/offered-file.ts";
import { failure } from "../child.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";
import { createBotApi } from "./bot-api.ts";
import type { BotAccount } from "./bot-api.ts";
import { listOf } from "./bot-pages.ts";
import type { BotOrder, BotProvider, BotUtterance } from "./bot-provider.ts";
import { BotPage, RecallBot, Transcript } from "./recall-answers.ts";
import { isUnknownBot, recallFailure } from "./recall-failure.ts";
import { creationOf } from "./recall-order.ts";
import { statusOf } from "./recall-status.ts";
import { createTries } from "./recall-tries.ts";

interface RecallAccount extends BotAccount {
  /** For files, which lie at addresses of other hosts. */
  guardedFetch: GuardedFetch;
}

const mostTranscriptBytes = 50 * 1024 * 1024;

/**
 * Recording bots by Recall.ai, in the region that the address names. It tells who is in a meeting only while that goes
 * on, to addresses that it calls, so there is no `presence`.
 * Sources: docs.recall.ai, `reference/bot_create`, `bot_list`, `bot_retrieve`, `bot_leave_call_create`,
 * `bot_delete_media_create`; recallai/sample-apps.
 */
export function createRecall(account: RecallAccount): BotProvider {
  const headers = { authorization: `Token ${account.apiKey}` };
  const api = createBotApi(account, { name: "Recall.ai", root: "/api/v1", headers, failureOf: recallFailure });
  const { ask, read } = api;
  const tries = createTries();
  const pathOf = (botId: string, rest = "") => `/bot/${encodeURIComponent(botId)}/${rest}`;

  async function bot(botId: string, signal: AbortSignal): Promise<RecallBot | null> {
    const answer = await ask(pathOf(botId), { signal });
    return isUnknownBot(answer) ? null : read(RecallBot, answer);
  }

  async function find(key: string, signal: AbortSignal): Promise<BotStatus | null> {
    const bots = await listOf(api, { path: "/bot/", page: BotPage, query: { metadata__key: key }, signal });
    if (bots === null) throw failure("bot_provider_unavailable", "Recall.ai: no list of bots, or one without end");
    const ours = bots.filter(({ metadata }) => metadata?.["key"] === key).map(statusOf);
    ours.sort((a, b) => a.at.getTime() - b.at.getTime());
    // In whatever order they are listed, one that is under way goes before what has ended.
    return ours.findLast(({ state }) => !isBotDone(state)) ?? ours.at(-1) ?? null;
  }

  async function create(order: BotOrder, signal: AbortSignal): Promise<BotStatus> {
    const named = { "idempotency-key": tries.nameOf(order.key) };
    const answer = await ask("/bot/", { signal, body: creationOf(order), headers: named });
    const isGood = answer.status >= 200 && answer.status <= 299;
    // A conflict is the same creation, still being worked on.
    if (!isGood && answer.status !== 409) tries.wasRefused(order.key);
    return statusOf(read(RecallBot, answer));
  }

  async function status(botId: string, signal: AbortSignal): Promise<BotStatus | null> {
    const found = await bot(botId, signal);
    return found && statusOf(found);
  }

  async function leave(botId: string, signal: AbortSignal): Promise<void> {
    const answer = await ask(pathOf(botId, "leave_call/"), { signal, body: {} });
    if (isUnknownBot(answer)) return;
    if (answer.status !== 400) return void read(RecallBot.partial(), answer);
    // Refused by its state: it is out or going, or so new that it cannot be told yet.
    const state = (await status(botId, signal))?.state ?? "ended";
    if (isBotDone(state) || state === "processing") return;
    throw failure("bot_not_ready", recallFailure(answer).message);
  }

  /** The newest file of one of these kinds, the first that there is. */
  async function mediaOf(botId: string, kinds: readonly Kind[], signal: AbortSignal): Promise<string | null> {
    const recordings = (await bot(botId, signal))?.recordings ?? [];
    const urls = recordings.toReversed().flatMap(({ media_shortcuts }) => kinds.map((kind) => media_shortcuts?.[kind]));
    return urls.find((url) => typeof url === "string") ?? null;
  }

  async function utterances(botId: string, signal: AbortSignal): Promise<BotUtterance[]> {
    const url = await mediaOf(botId, ["transcript"], signal);
    if (url === null) return [];
    const offered = { url, providerUrl: account.baseUrl, mostBytes: mostTranscriptBytes, signal };
    const text = await readOffered(account.guardedFetch, offered);
    return utterancesIn(text);
  }

  async function erase(botId: string, signal: AbortSignal): Promise<void> {
    const answer = await ask(pathOf(botId, "delete_media/"), { signal, body: {} });
    // A bot that is still at work is refused; where there is nothing (any more), nothing happens.
    if (answer.status === 400) throw failure("bot_not_ready", recallFailure(answer).message);
    if (!isUnknownBot(answer)) read(RecallBot.partial(), answer);
  }

  return {
    id: "recall",
    baseUrl: account.baseUrl,
    find,
    create,
    status,
    leave,
    async recording(botId, signal) {
      const url = await mediaOf(botId, ["audio_mixed", "video_mixed"], signal);
      return url === null ? null : { url };
    },
    utterances,
    erase,
  };
}

type Kind = "audio_mixed" | "video_mixed" | "transcript";

function utterancesIn(text: string): BotUtterance[] {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    told = null;
  }
  const parts = Transcript.safeParse(told);
  if (!parts.success) throw failure("bot_provider_unavailable", "Recall.ai: a transcript that cannot be read");
  return parts.data
    .map(({ participant, words }) => ({
      speaker: cut(cleanLine(participant?.name ?? ""), 200),
      text: cleanLine(words.map((each) => each.text).join(" ")),
      startSeconds: Math.max(0, words[0]?.start_timestamp?.relative ?? 0),
      endSeconds: words.at(-1)?.end_timestamp?.relative ?? 0,
    }))
    .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds)
    .toSorted((a, b) => a.startSeconds - b.startSeconds);
}
