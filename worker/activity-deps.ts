import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import type { Pool } from "pg";
import { createAccounts } from "#activities/clients/accounts/accounts.ts";
import { hintAddresses } from "#activities/clients/accounts/watching.ts";
import { createAccountClients } from "#activities/clients/accounts/account-clients.ts";
import { createEmbeddedAnalyst } from "#activities/clients/analyst/summary/embedded.ts";
import { createOpenAiAnalyst } from "#activities/clients/analyst/summary/openai.ts";
import type { ContentReader } from "#activities/clients/analyst/content/content-reader.ts";
import { createOpenAiContentReader } from "#activities/clients/analyst/content/openai.ts";
import { createEmbeddedPlanReader } from "#activities/clients/analyst/plan/embedded.ts";
import { createOpenAiPlanReader } from "#activities/clients/analyst/plan/openai.ts";
import type { PlanReader } from "#activities/clients/analyst/plan/plan-reader.ts";
import { createPracticeCalls } from "#activities/clients/calls/practice/practice-calls.ts";
import { createStreamCalls } from "#activities/clients/calls/stream/stream.ts";
import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { createSources } from "#activities/clients/sources/sources.ts";
import { createHeldLinks } from "#activities/held-links.ts";
import { createOpenAiClient } from "#activities/clients/openai-client.ts";
import { createDiarizer } from "#activities/clients/speech/diarize.ts";
import { createEmbeddedEngine } from "#activities/clients/speech/embedded.ts";
import { createOpenAiEngine } from "#activities/clients/speech/openai.ts";
import { findStretches } from "#activities/clients/speech/stretches.ts";
import { speechWeights } from "#activities/clients/speech/weights.ts";
import type { ChooseAnalyst } from "#activities/analysis.ts";
import type { ActivityDeps } from "#activities/index.ts";
import type { SpeechTools } from "#activities/speech.ts";
import { policyOf } from "#domain/calendar/policy.ts";
import { languageAccount, speechAccount } from "#domain/model-services.ts";
import { isInRollout } from "#domain/rollout.ts";
import { timing } from "#domain/timing.ts";
import type { PrismaClient } from "#records/db.ts";
import { saveCallOffer } from "#records/meetings/call-offer.ts";
import { saveSpeechOffer } from "#records/speech-offer.ts";
import { createSealer } from "#records/seal.ts";
import { keepLocalFiles } from "#records/media/kept-files.ts";
import type { KeptFiles } from "#records/media/kept-files.ts";
import { isSpeech } from "#records/media/media-store.ts";
import { openMediaStore } from "#records/media/open-media-store.ts";
import { createBots } from "./bots.ts";
import { createCallEnds } from "./call-ends.ts";
import type { WorkerEnv } from "./env.ts";
import { signalAgentLeft, signalTranscript } from "./signals.ts";

interface Given {
  env: WorkerEnv;
  log: Logger;
  prisma: PrismaClient;
  pool: Pool;
  client: Client;
}

/** What the activities work with, chosen by the environment: embedded tools where nothing is configured. */
export async function createActivityDeps(given: Given): Promise<ActivityDeps & { media: KeptFiles }> {
  const { env, log, prisma, pool, client } = given;
  const speech = chooseSpeech(env, log);
  const { id: engine, languages, detects } = speech.engine;
  // Only what pages offer hangs on it, and the next start notes it again.
  await saveSpeechOffer(prisma, { engine, languages, detects }).catch((error: unknown) =>
    log.warn({ err: error }, "could not note which languages the speech engine knows"),
  );
  const hasStream = env.STREAM_API_KEY !== undefined && env.STREAM_API_SECRET !== undefined;
  await saveCallOffer(prisma, { hasStream, hasOpenAi: env.OPENAI_API_KEY !== undefined }).catch((error: unknown) =>
    log.warn({ err: error }, "could not note which calls agents can join"),
  );
  const guardedFetch = createGuardedFetch({ allow: env.FETCH_ALLOW });
  const sealer = createSealer(env.SEAL_KEYS);
  return {
    prisma,
    pool,
    sealer,
    accounts: createAccounts({
      prisma,
      sealer,
      log,
      clients: createAccountClients(env),
      hintsAt: hintAddresses(env.PUBLIC_URL),
    }),
    media: keepLocalFiles(await openMediaStore(env), { idleMs: timing.keepLoadedMs, keeps: isSpeech }),
    log,
    scratchDir: join(tmpdir(), "convene"),
    mediaLimits: {
      maxDurationSeconds: env.MAX_DURATION_SECONDS,
      deadlineMs: env.MEDIA_DEADLINE_SECONDS * 1000,
      maxRssMb: env.MEDIA_MEMORY_MB,
    },
    speech,
    chooseAnalyst: analystChooser(env),
    choosePlanReader: planReaderChooser(env),
    contentReader: contentReaderOf(env),
    meetingModel: env.OPENAI_MODEL,
    calls: chooseCalls(given),
    bots: createBots(env, { log, guardedFetch }),
    guardedFetch,
    sources: createSources({
      guardedFetch,
      allowedAddresses: createAllowedAddresses({ allow: env.FETCH_ALLOW }),
      youtube: {
        apiKey: env.YOUTUBE_API_KEY,
        baseUrl: env.YOUTUBE_BASE_URL,
        hubUrl: env.WEBSUB_HUB_URL,
        ytdlp: {
          cacheDir: env.CONVENE_CACHE,
          path: env.YTDLP_PATH,
          proxy: env.YTDLP_PROXY,
          log: (line) => log.info(line),
        },
      },
    }),
    publicUrl: env.PUBLIC_URL,
    channelCheckMs: env.CHANNEL_CHECK_INTERVAL_SECONDS * 1000,
    downloadLimits: { fileBytes: env.MAX_UPLOAD_BYTES, ownerBytes: env.USER_QUOTA_BYTES },
    streamBaseUrl: env.STREAM_BASE_URL,
    botWatch: { aloneMs: env.BOT_ALONE_MINUTES * 60_000, silentMs: env.BOT_SILENT_MINUTES * 60_000 },
    botEraseAfterDays: env.BOT_ERASE_AFTER_DAYS,
    botHoursPerDay: env.BOT_HOURS_PER_DAY,
    longestCallMs: env.MEETING_MAX_MINUTES * 60_000,
    linkLimitMs: env.AGENT_LINK_MINUTES * 60_000,
    heldLinks: createHeldLinks({ mostMs: timing.heldLinkMs }),
    // The practice room offers no transcript of its own, so there is nothing to fall back to.
    collectsLive: ({ id, provider }) => provider === "practice" || isInRollout(id, env.REALTIME_COLLECTION_PERCENT),
    signalTranscript: signalTranscript(client),
    signalAgentLeft: signalAgentLeft(client),
    callEnds: createCallEnds({ pool, log }),
    autoJoin: policyOf(env),
    jitsiHosts: env.JITSI_HOSTS,
    calendarSyncMs: env.CALENDAR_SYNC_INTERVAL_SECONDS * 1000,
    spendLimitCents: env.MODEL_SPEND_CENTS_PER_DAY,
    isWorkflowOpen: (workflowId) => isOpen(client, workflowId),
    isExecutionOpen: (workflowId, temporalRunId) => isOpen(client, workflowId, temporalRunId),
  };
}

function chooseSpeech(env: WorkerEnv, log: Logger): SpeechTools {
  const diarize = createDiarizer();
  const provider = speechAccount(env);
  if (provider !== null && env.SPEECH_MODEL !== "embedded") {
    const deadlineMs = env.SPEECH_DEADLINE_SECONDS * 1000;
    const engine = createOpenAiEngine({ ...provider, model: env.SPEECH_MODEL, deadlineMs });
    return { engine, diarize, findStretches, centsPerMinute: env.SPEECH_CENTS_PER_MINUTE };
  }
  const weights = () => speechWeights({ cacheDir: env.CONVENE_CACHE, log: (line) => log.info(line) });
  return { engine: createEmbeddedEngine({ weights }), diarize, findStretches, centsPerMinute: 0 };
}

/** People name models, so the number of those that are remembered has an end. */
const mostModels = 16;

/** One reader a model, as long as this process lives: it learns what its server knows, and keeps answers for a retry. */
function perModel<T>(make: (model: string) => T): (model: string) => T {
  const made = new Map<string, T>();
  return (model) => {
    const known = made.get(model) ?? make(model);
    made.delete(model);
    made.set(model, known);
    for (const oldest of [...made.keys()].slice(0, -mostModels)) made.delete(oldest);
    return known;
  };
}

const readerOptions = (env: WorkerEnv) => ({
  deadlineMs: env.MODEL_DEADLINE_SECONDS * 1000,
  contextTokens: env.MODEL_CONTEXT_TOKENS,
});

function analystChooser(env: WorkerEnv): ChooseAnalyst {
  const embedded = createEmbeddedAnalyst();
  const provider = languageAccount(env);
  if (provider === null) return () => embedded;
  const readers = perModel((model) => createOpenAiAnalyst({ ...provider, ...readerOptions(env), model }));
  return (model) => {
    const wanted = model ?? env.ANALYSIS_MODEL;
    return wanted === "embedded" || wanted === embedded.model ? embedded : readers(wanted);
  };
}

function planReaderChooser(env: WorkerEnv): (model: string) => PlanReader {
  const provider = languageAccount(env);
  const embedded = createEmbeddedPlanReader();
  if (provider === null) return () => embedded;
  const readers = perModel((model) => createOpenAiPlanReader({ ...provider, ...readerOptions(env), model }));
  return (model) => (model === "embedded" ? embedded : readers(model));
}

function contentReaderOf(env: WorkerEnv): ContentReader | null {
  const provider = languageAccount(env);
  if (provider === null || env.ANALYSIS_MODEL === "embedded") return null;
  return createOpenAiContentReader({ ...provider, ...readerOptions(env), model: env.ANALYSIS_MODEL });
}

function chooseCalls({ env, log, prisma }: Given): ActivityDeps["calls"] {
  const { STREAM_API_KEY: apiKey, STREAM_API_SECRET: apiSecret, STREAM_BASE_URL: baseUrl } = env;
  const provider = languageAccount(env);
  const practice = createPracticeCalls({
    prisma,
    log,
    weights: () => speechWeights({ cacheDir: env.CONVENE_CACHE, log: (line) => log.info(line) }),
    ...(provider === null ? {} : { model: { client: createOpenAiClient(provider), model: env.OPENAI_MODEL } }),
  });
  if (apiKey === undefined || apiSecret === undefined) return { practice };
  if (env.OPENAI_API_KEY === undefined) {
    log.warn("STREAM_API_KEY is set but OPENAI_API_KEY is not: agents cannot join calls by Stream");
  }
  const stream = createStreamCalls({
    apiKey,
    apiSecret,
    baseUrl,
    openAiApiKey: env.OPENAI_API_KEY ?? "",
    realtimeModel: env.OPENAI_REALTIME_MODEL,
    log,
  });
  return { practice, stream };
}

async function isOpen(client: Client, workflowId: string, temporalRunId?: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId, temporalRunId).describe();
    return status.name === "RUNNING";
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
