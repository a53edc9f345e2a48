import { isBotDone } from "#domain/bot.ts";
import type { BotStatus } from "#domain/bot.ts";
import { cleanLine, cut } from "#domain/text.ts";
import { failure } from "../child.ts";
import { createBotApi } from "./bot-api.ts";
import type { BotAccount } from "./bot-api.ts";
import type { BotOrder, BotPresence, BotProvider, BotUtterance, OfferedRecording } from "./bot-provider.ts";
import { Done, Master, Transcript, VexaMeeting } from "./vexa-answers.ts";
import { isUnknown, isWithoutSpeech, roomTaken, vexaFailure } from "./vexa-failure.ts";
import { vexaLinkOf } from "./vexa-meeting-link.ts";
import type { VexaLink } from "./vexa-meeting-link.ts";
import { createPlans } from "./vexa-plans.ts";
import { isPlanned, statusOf } from "./vexa-status.ts";

/**
 * Recording bots by Vexa, hosted at api.cloud.vexa.ai or by oneself. It has one bot in each meeting: who wants another
 * waits for it to go. It cannot write into the meeting's chat, nor say who is there without speaking.
 * Sources: Vexa-ai/vexa `docs/docs/api/meetings.mdx` and meeting-api's `bot_spawn/router.py`, `lifecycle/stop_router.py`.
 */
export function createVexa(account: BotAccount): BotProvider {
  const headers = { "x-api-key": account.apiKey };
  const api = createBotApi(account, { name: "Vexa", root: "", headers, failureOf: vexaFailure });
  const { ask, read } = api;
  const plans = createPlans(api);

  async function meeting(id: string, signal: AbortSignal): Promise<VexaMeeting | null> {
    const answer = await ask(`/meetings/${encodeURIComponent(id)}`, { signal });
    return isUnknown(answer) ? null : read(VexaMeeting, answer);
  }

  async function find(key: string, signal: AbortSignal): Promise<BotStatus | null> {
    const found = await plans.byKey(key, signal);
    return found === null || isPlanned(found) ? null : statusOf(found);
  }

  async function create(order: BotOrder, signal: AbortSignal): Promise<BotStatus> {
    const link = vexaLinkOf(order.meetingUrl);
    if (link === null) throw failure("bot_refused", "Vexa does not know links like this meeting's");
    const plan = (await plans.byKey(order.key, signal)) ?? (await plans.create(order, link, signal));
    if (!isPlanned(plan)) return statusOf(plan);
    const answer = await send(order, link, signal);
    if (answer.status === 409) return whoCameBetween(order, signal);
    if (answer.status >= 400 && answer.status < 500) await plans.remove(plan.id, signal);
    return statusOf(read(VexaMeeting, answer));
  }

  async function send({ meetingUrl, botName, language }: BotOrder, link: VexaLink, signal: AbortSignal) {
    const body = {
      ...link,
      meeting_url: meetingUrl,
      bot_name: cut(botName, 100).trim() || "Recorder",
      language: language.split("-")[0]?.toLowerCase(),
      recording_enabled: true,
    };
    const answer = await ask("/bots", { signal, body });
    return isWithoutSpeech(answer) ? ask("/bots", { signal, body: { ...body, transcribe_enabled: false } }) : answer;
  }

  async function whoCameBetween({ key }: BotOrder, signal: AbortSignal): Promise<BotStatus> {
    const found = await plans.byKey(key, signal);
    if (found !== null && !isPlanned(found)) return statusOf(found);
    if (found !== null) await plans.remove(found.id, signal);
    throw roomTaken();
  }

  async function status(botId: string, signal: AbortSignal): Promise<BotStatus | null> {
    const found = await meeting(botId, signal);
    return found && statusOf(found);
  }

  async function leave(botId: string, signal: AbortSignal): Promise<void> {
    const found = await meeting(botId, signal);
    // Stopped is whichever bot is in the meeting: once ours has gone, that is another's.
    if (found === null || isPlanned(found) || isBotDone(statusOf(found).state) || found.status === "stopping") return;
    const path = `/bots/${encodeURIComponent(found.platform)}/${encodeURIComponent(found.native_meeting_id ?? "")}`;
    const answer = await ask(path, { signal, method: "DELETE" });
    if (!isUnknown(answer)) read(Done, answer);
  }

  async function recording(botId: string, signal: AbortSignal): Promise<OfferedRecording | null> {
    const found = await meeting(botId, signal);
    if (found === null || !isBotDone(statusOf(found).state)) return null;
    const last = found.data?.recordings?.findLast(({ media_files }) =>
      media_files?.some(({ type }) => type === "audio"),
    );
    if (last === undefined) return null;
    // Puts the pieces that the bot sent together.
    const answer = await ask(`/recordings/${encodeURIComponent(last.id)}/master`, { signal, query: { type: "audio" } });
    if (isUnknown(answer)) return null;
    const { raw_url: raw } = read(Master, answer);
    if (raw == null) return null;
    // A path below its own address, under the same key.
    const url = new URL(`${account.baseUrl.replace(/\/+$/, "")}/${raw.replace(/^\/+/, "")}`).href;
    return { url, headers };
  }

  async function transcript(botId: string, signal: AbortSignal) {
    const answer = await ask(`/transcripts/by-id/${encodeURIComponent(botId)}`, { signal });
    return isUnknown(answer) ? null : read(Transcript, answer);
  }

  async function utterances(botId: string, signal: AbortSignal): Promise<BotUtterance[]> {
    const told = await transcript(botId, signal);
    return (told?.segments ?? [])
      .filter(({ completed }) => completed !== false)
      .map(({ speaker, text, start, end }) => ({
        speaker: cut(cleanLine(speaker ?? ""), 200),
        text: cleanLine(text ?? ""),
        startSeconds: Math.max(0, start),
        endSeconds: end,
      }))
      .filter(({ startSeconds, endSeconds }) => endSeconds > startSeconds)
      .toSorted((a, b) => a.startSeconds - b.startSeconds);
  }

  async function presence(botId: string, signal: AbortSignal): Promise<BotPresence | null> {
    const told = await transcript(botId, signal);
    if (told === null) return null;
    const heard = told.segments.flatMap(({ absolute_end_time: at }) => (at == null ? [] : [at.getTime()]));
    const lastSpokenAt = heard.length === 0 ? null : new Date(heard.reduce((last, each) => Math.max(last, each)));
    return { people: null, lastSpokenAt };
  }

  async function erase(botId: string, signal: AbortSignal): Promise<void> {
    const answer = await ask(`/meetings/${encodeURIComponent(botId)}`, { signal, method: "DELETE" });
    if (answer.status === 409) throw failure("bot_not_ready", "Vexa 409");
    if (!isUnknown(answer)) read(Done, answer);
  }

  return { id: "vexa", baseUrl: account.baseUrl, find, create, status, leave, recording, utterances, presence, erase };
}
