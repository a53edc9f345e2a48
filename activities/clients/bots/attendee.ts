import { isBotDone } from "#domain/bot.ts";
import type { BotStatus } from "#domain/bot.ts";
import { cleanLine, cut } from "#domain/text.ts";
import { failure } from "../child.ts";
import { AttendeeBot, AttendeeRecording, BotPage, ParticipantEventPage, Transcript } from "./attendee-answers.ts";
import { attendeeFailure, isKeyInUse, isUnknownBot, isWithoutRecording } from "./attendee-failure.ts";
import { creationOf } from "./attendee-order.ts";
import { presenceOf } from "./attendee-presence.ts";
import { statusOf } from "./attendee-status.ts";
import { createBotApi } from "./bot-api.ts";
import type { BotAccount } from "./bot-api.ts";
import { listOf } from "./bot-pages.ts";
import type { BotOrder, BotPresence, BotProvider, BotUtterance } from "./bot-provider.ts";

/**
 * Recording bots by Attendee, hosted at app.attendee.dev or by oneself.
 * Source: attendee-labs/attendee `bots/bots_api_views.py` and `docs/openapi.yml`.
 */
export function createAttendee(account: BotAccount): BotProvider {
  const headers = { authorization: `Token ${account.apiKey}` };
  const api = createBotApi(account, { name: "Attendee", root: "/api/v1", headers, failureOf: attendeeFailure });
  const { ask, read } = api;
  const pathOf = (botId: string, rest = "") => `/bots/${encodeURIComponent(botId)}${rest}`;

  async function bot(botId: string, signal: AbortSignal): Promise<AttendeeBot | null> {
    const answer = await ask(pathOf(botId), { signal });
    return isUnknownBot(answer) ? null : read(AttendeeBot, answer);
  }

  // Listed in the order of creation, without its times. A key is free again once its bot is done, so an open one is last.
  async function find(key: string, signal: AbortSignal): Promise<BotStatus | null> {
    const bots = await listOf(api, { path: "/bots", page: BotPage, query: { deduplication_key: key }, signal });
    if (bots === null) throw failure("bot_provider_unavailable", "Attendee: no list of bots, or one without end");
    // An Attendee that does not know the filter lists everybody's bots.
    const newest = bots.findLast(({ deduplication_key }) => deduplication_key === key);
    return newest === undefined ? null : statusOf(newest);
  }

  async function create(order: BotOrder, signal: AbortSignal): Promise<BotStatus> {
    const answer = await ask("/bots", { signal, body: creationOf(order) });
    if (!isKeyInUse(answer)) return statusOf(read(AttendeeBot, answer));
    const found = await find(order.key, signal);
    if (found !== null && !isBotDone(found.state)) return found;
    throw failure("bot_not_ready", "Attendee: the bot that held the key has just ended");
  }

  async function leave(botId: string, signal: AbortSignal): Promise<void> {
    const answer = await ask(pathOf(botId, "/leave"), { signal, body: {} });
    if (isUnknownBot(answer)) return;
    if (answer.status !== 400) return void read(AttendeeBot, answer);
    // Refused by its state: it is out or going, or so new that it cannot be told yet.
    const state = (await status(botId, signal))?.state ?? "ended";
    if (isBotDone(state) || state === "leaving" || state === "processing") return;
    throw failure("bot_not_ready", attendeeFailure(answer).message);
  }

  async function status(botId: string, signal: AbortSignal): Promise<BotStatus | null> {
    const found = await bot(botId, signal);
    return found && statusOf(found);
  }

  async function recording(botId: string, signal: AbortSignal) {
    const answer = await ask(pathOf(botId, "/recording"), { signal });
    return isUnknownBot(answer) || isWithoutRecording(answer) ? null : read(AttendeeRecording, answer);
  }

  /** When the recording's first second was, by Attendee's clock; null: nothing was recorded. */
  async function recordingStart(botId: string, signal: AbortSignal): Promise<number | null> {
    const told = (await recording(botId, signal))?.start_timestamp_ms;
    if (typeof told === "number") return told;
    const granted = (await bot(botId, signal))?.events.find(({ type }) => type === "recording_permission_granted");
    return granted?.created_at.getTime() ?? null;
  }

  async function utterances(botId: string, signal: AbortSignal): Promise<BotUtterance[]> {
    const answer = await ask(pathOf(botId, "/transcript"), { signal });
    if (isUnknownBot(answer) || isWithoutRecording(answer)) return [];
    const said = read(Transcript, answer);
    const start = said.length === 0 ? null : await recordingStart(botId, signal);
    if (start === null) return [];
    return said
      .map(({ speaker_name, timestamp_ms, duration_ms, transcription }) => ({
        speaker: cut(cleanLine(speaker_name ?? ""), 200),
        text: cleanLine(transcription?.transcript ?? ""),
        startSeconds: Math.max(0, (timestamp_ms - start) / 1000),
        endSeconds: (timestamp_ms + Math.max(0, duration_ms) - start) / 1000,
      }))
      .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds)
      .toSorted((a, b) => a.startSeconds - b.startSeconds);
  }

  async function presence(botId: string, signal: AbortSignal): Promise<BotPresence | null> {
    const answer = await ask(pathOf(botId, "/transcript"), { signal });
    if (isUnknownBot(answer)) return null;
    const said = isWithoutRecording(answer) ? [] : read(Transcript, answer);
    // All of them: whoever came first may still be there.
    const path = pathOf(botId, "/participant_events");
    return presenceOf(await listOf(api, { path, page: ParticipantEventPage, signal }), said);
  }

  async function erase(botId: string, signal: AbortSignal): Promise<void> {
    const answer = await ask(pathOf(botId, "/delete_data"), { signal, body: {} });
    if (isUnknownBot(answer)) return;
    if (answer.status !== 400) return void read(AttendeeBot, answer);
    // Only what is done can be erased, and that only once.
    const state = (await bot(botId, signal))?.state ?? "data_deleted";
    if (state !== "data_deleted") throw failure("bot_not_ready", attendeeFailure(answer).message);
  }

  return {
    id: "attendee",
    baseUrl: account.baseUrl,
    find,
    create,
    status,
    leave,
    async recording(botId, signal) {
      const found = await recording(botId, signal);
      return found && { url: found.url };
    },
    utterances,
    presence,
    erase,
  };
}
