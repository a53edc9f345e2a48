import { ApplicationFailure, cancellationSignal } from "@temporalio/activity";
import type { Logger } from "pino";
import { botKey } from "#domain/bot-key.ts";
import { canJoin, describeUnsupportedPlatform } from "#domain/bot-platforms.ts";
import { isBotBefore, isBotDone, isBotInCall } from "#domain/bot.ts";
import type { BotReason, BotState, BotStatus } from "#domain/bot.ts";
import type { Platform } from "#domain/calendar/event.ts";
import type { WatchLimits } from "#domain/bot-watch.ts";
import type { NamedVoice } from "#domain/speaker-names.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { reviewVisits } from "#records/bot-visits/cancel-unwanted.ts";
import { sweepRecorders } from "#records/bot-visits/sweep.ts";
import { keepBot, botReasonMessage } from "#records/bot-visits/bot.ts";
import { keepVoices } from "#records/bot-visits/voices.ts";
import { botHoursToday } from "#records/bot-visits/bot-hours.ts";
import { earlyLeaveReason, cancelReason } from "#records/bot-visits/wanted.ts";
import type { Unwanted } from "#records/bot-visits/wanted.ts";
import type { Recorder } from "#prisma/generated/client.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { endStage } from "#records/runs/run-stages.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { watchMeeting } from "./bot-watch.ts";
import { keepBotRecording } from "./bot-recording.ts";
import type { BotProvider } from "./clients/bots/bot-provider.ts";
import { chosenOf, senderOf } from "./clients/bots/bots.ts";
import type { Bots } from "./clients/bots/bots.ts";
import { failure } from "./clients/child.ts";
import type { GuardedFetch } from "./clients/guarded-fetch.ts";
import { createRunStage } from "./stage.ts";
import type { StageInput } from "./stage.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  scratchDir: string;
  guardedFetch: GuardedFetch;
  bots: Bots;
  longestCallMs: number;
  /** Of one workspace, by the day of UTC. */
  botHoursPerDay: number;
  botWatch: WatchLimits;
}

/** A recorder's run; `conversationId` is the id of the recorder, and of the recording it becomes. */
type Ref = StageInput;

/** What the workflow has to know of a bot. */
export interface BotObservation {
  state: BotState;
  reason: BotReason | null;
  /** Whether it was in the meeting at any time. */
  wasIn: boolean;
}

type Deployed = { sent: true; bot: BotObservation } | { sent: false; why: Unwanted };

/** How long a bot is tried to be sent into a meeting whose end is not known. */
const patienceMs = 60 * 60_000;

/** What people read while a bot cannot be sent yet, by the code of the failure. */
const waitingWords: Record<string, string> = {
  bot_provider_unavailable: "The bot's provider does not answer. Trying again…",
  bot_not_ready: "The bot's provider is still at work on it. Trying again…",
  bot_limit: "The bot's provider has no bot free. Trying again…",
  bot_room_taken: "Another bot is in this meeting. This one comes when that has left…",
};

/** A bot's visit to a meeting. Everything is found out by the recorder's id, and may be done again at any point. */
export function createRecorderActivities(deps: Deps) {
  const { prisma, log, bots, longestCallMs, botHoursPerDay, botWatch: limits } = deps;
  const runStage = createRunStage({ prisma, log });

  /** Who carries the bot of a visit, or is to: noted before it is ordered, and not changed by another's being chosen. */
  const providerOf = ({ provider }: { provider: string | null }): BotProvider =>
    provider === null ? chosenOf(bots) : senderOf(bots, provider);

  // Each attempt of a person sends a bot of its own: the one before it is out of the meeting for good.
  const keyOf = ({ conversationId, attempt }: Ref) => botKey(conversationId, attempt);
  const refOf = ({ runId, conversationId, attempt }: Ref) => ({ runId, attempt, recorderId: conversationId });

  async function requireOpen({ runId, attempt }: Ref): Promise<void> {
    const run = await prisma.run.findUnique({ where: { id: runId } });
    if (run === null || run.attempt !== attempt || isFinal(run.status as RunStatus)) throw runGone();
  }

  async function requireHours({ workspaceId }: Recorder): Promise<void> {
    if ((await botHoursToday(prisma, workspaceId)) >= botHoursPerDay) throw failure("bot_hours");
  }

  async function keep(ref: Ref, { id }: BotProvider, status: BotStatus): Promise<BotObservation> {
    const reason = await keepBot(prisma, refOf(ref), id, status);
    const { state, joinedAt } = status;
    return { state, reason, wasIn: joinedAt !== null };
  }

  async function deploy(ref: Ref, known: Recorder): Promise<Deployed> {
    const signal = cancellationSignal();
    const key = keyOf(ref);
    const provider = providerOf(known);
    const sent = await provider.find(key, signal);
    if (sent !== null) return { sent: true, bot: await keep(ref, provider, sent) };
    const platform = known.platform as Platform;
    // It may have been ordered when another provider was chosen.
    if (!canJoin(provider.id, platform))
      throw failure("bot_refused", describeUnsupportedPlatform(provider.id, platform));
    const why = await prisma.$transaction((tx) => cancelReason(tx, ref.conversationId));
    if (why !== null) return { sent: false, why };
    await requireHours(known);
    const ordered = await prisma.$transaction(async (tx) => {
      const message = "Sending the bot…";
      await applyRunEvent(tx, ref.runId, { type: "joining", message }, ref.attempt);
      const data = { requestedAt: new Date(), provider: provider.id };
      return tx.recorder.update({ where: { id: ref.conversationId }, data });
    });
    const { id: recorderId, meetingUrl, botName, language, consentMessage } = ordered;
    const made = await provider.create({ key, recorderId, meetingUrl, botName, language, consentMessage }, signal);
    log.info({ recorderId, botId: made.id, provider: provider.id }, "bot sent");
    return { sent: true, bot: await keep(ref, provider, made) };
  }

  // People read why no bot comes yet. Nobody is asked any more when the meeting is over.
  async function whileItLasts({ runId, attempt }: Ref, { endsAt, joinAt }: Recorder, error: unknown): Promise<unknown> {
    if (!(error instanceof ApplicationFailure) || error.nonRetryable) return error;
    const message = waitingWords[error.type ?? ""];
    if (message === undefined) return error;
    if ((endsAt ?? new Date(joinAt.getTime() + patienceMs)) <= new Date()) {
      return ApplicationFailure.nonRetryable(error.message, error.type);
    }
    await prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "joining", message }, attempt));
    return error;
  }

  const watch = (recorder: Recorder, { state }: BotStatus) =>
    watchMeeting({ prisma, log, limits }, recorder, {
      provider: providerOf(recorder),
      state,
      signal: cancellationSignal(),
    });

  // Names make a transcript better, and none is worth a recording.
  async function voicesOf(provider: BotProvider, botId: string, signal: AbortSignal): Promise<NamedVoice[]> {
    try {
      const said = await provider.utterances(botId, signal);
      return said.map(({ speaker, startSeconds: start, endSeconds: end }) => ({ name: speaker, start, end }));
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, botId, provider: provider.id }, "nobody can say who spoke in the bot's meeting");
      return [];
    }
  }

  const recalled = ({ conversationId }: Ref, { state }: BotStatus) =>
    prisma.$transaction((tx) => earlyLeaveReason(tx, conversationId, isBotInCall(state)));

  return {
    /** One pass of auto-join; over the visits of one calendar's owner alone, where that calendar has just been read. */
    async sweepRecorders({ calendarId }: { calendarId?: string } = {}): Promise<void> {
      using _heartbeat = startHeartbeat();
      const provider = bots.chosen?.id ?? null;
      if (calendarId === undefined) return void (await sweepRecorders(prisma, { provider, log }));
      const calendar = await prisma.calendar.findUnique({ where: { id: calendarId }, select: { ownerId: true } });
      if (calendar !== null) await reviewVisits(prisma, calendar.ownerId, provider);
    },

    /** When the bot is to be sent, and when it is to leave at the latest; milliseconds since the epoch. */
    async openRecorder(ref: Ref): Promise<{ joinAt: number; leaveAt: number }> {
      await requireOpen(ref);
      const recorder = await prisma.recorder.findUnique({ where: { id: ref.conversationId } });
      if (recorder === null) throw runGone();
      const joinAt = recorder.joinAt.getTime();
      return { joinAt, leaveAt: Math.max(joinAt, Date.now()) + longestCallMs };
    },

    /**
     * Sends the bot, if it is still wanted. One that was sent before by this attempt is found at the provider, whoever
     * died between its creation and the note of it.
     */
    async deployBot(ref: Ref): Promise<Deployed> {
      using _heartbeat = startHeartbeat();
      await requireOpen(ref);
      const recorder = await prisma.recorder.findUnique({ where: { id: ref.conversationId } });
      if (recorder === null) return { sent: false, why: "gone" };
      try {
        return await deploy(ref, recorder);
      } catch (error) {
        throw await whileItLasts(ref, recorder, error);
      }
    },

    /** How the bot stands by its provider's word, which is kept. One that is not wanted any more is told to leave. */
    async readBot(ref: Ref): Promise<BotObservation> {
      using _heartbeat = startHeartbeat();
      const signal = cancellationSignal();
      await requireOpen(ref);
      const recorder = await prisma.recorder.findUnique({ where: { id: ref.conversationId } });
      if (recorder === null || recorder.botId === null) throw runGone();
      const provider = providerOf(recorder);
      let status = await provider.status(recorder.botId, signal);
      const why =
        status !== null && isBotBefore(status.state, "leaving")
          ? ((await recalled(ref, status)) ?? (await watch(recorder, status)))
          : null;
      if (why !== null) {
        await prisma.recorder.updateMany({ where: { id: ref.conversationId }, data: { dismissedFor: why } });
        await provider.leave(recorder.botId, signal);
        status = await provider.status(recorder.botId, signal);
      }
      if (status !== null) return keep(ref, provider, status);
      const gone = { id: recorder.botId, state: "failed", reason: "unknown", detail: "gone", at: new Date() } as const;
      return keep(ref, provider, { ...gone, joinedAt: recorder.joinedAt, leftAt: recorder.leftAt });
    },

    /** Sends the bot of this attempt out of the meeting, also one whose creation nobody noted. */
    async dismissBot({ why, ...ref }: Ref & { why?: BotReason }): Promise<void> {
      using _heartbeat = startHeartbeat();
      const signal = cancellationSignal();
      const known = await prisma.recorder.findUnique({ where: { id: ref.conversationId } });
      // Nothing was ever asked of a provider.
      if (known !== null && known.requestedAt === null) return;
      // Of a visit that was deleted nobody knows who carried its bot.
      for (const provider of known === null ? bots.all : [providerOf(known)]) {
        const bot = await provider.find(keyOf(ref), signal);
        if (bot === null || isBotDone(bot.state)) continue;
        const where = { id: ref.conversationId, botId: bot.id };
        if (why !== undefined) await prisma.recorder.updateMany({ where, data: { dismissedFor: why } });
        await provider.leave(bot.id, signal);
        await prisma.recorder.updateMany({ where, data: { botState: "leaving" } });
        log.info({ recorderId: ref.conversationId, botId: bot.id }, "bot told to leave");
      }
    },

    /** Whether there is something to fetch, or nothing that could come. */
    async isRecordingReady(ref: Ref): Promise<boolean> {
      using _heartbeat = startHeartbeat();
      const { runId, conversationId: id, attempt } = ref;
      await requireOpen(ref);
      const event = {
        type: "stage",
        stage: "collect",
        message: "The bot has left. Waiting for its recording…",
      } as const;
      await prisma.$transaction((tx) => applyRunEvent(tx, runId, event, attempt));
      const recorder = await prisma.recorder.findUnique({ where: { id } });
      if (recorder?.botId == null || (await prisma.recording.count({ where: { id } })) > 0) return true;
      return (await providerOf(recorder).recording(recorder.botId, cancellationSignal())) !== null;
    },

    /** Fetches the recording and makes it one of the workspace, whose own run does the rest. */
    async collectRecording(ref: Ref): Promise<void> {
      await runStage("collect", ref, async ({ signal, progress }) => {
        progress(0, "Fetching the recording…");
        const id = ref.conversationId;
        const recorder = await prisma.recorder.findUnique({ where: { id } });
        if (recorder === null) throw runGone();
        const { ownerId, botId, botReason } = recorder;
        const nothing = () => failure("not_recorded", botReasonMessage(botReason as BotReason | null));
        if (ownerId === null || botId === null) throw nothing();
        // An earlier try may have got this far. What is finished is never fetched over.
        if ((await prisma.recording.count({ where: { id } })) === 0) {
          const provider = providerOf(recorder);
          const found = await provider.recording(botId, signal);
          if (found === null) throw nothing();
          await keepVoices(prisma, id, await voicesOf(provider, botId, signal));
          const offered = { ...found, providerUrl: provider.baseUrl };
          await keepBotRecording(deps, { ...recorder, ownerId }, offered, signal);
        }
        await prisma.$transaction((tx) => endStage(tx, { ...ref, stage: "collect" }, "completed", ""));
      });
    },
  };
}

const runGone = () => ApplicationFailure.nonRetryable("The run was deleted or ended", "run_gone");
