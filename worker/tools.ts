import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import { createEmbeddedAnalyst } from "#activities/clients/analyst/embedded.ts";
import { createOpenAiAnalyst } from "#activities/clients/analyst/openai.ts";
import { createDiarizer } from "#activities/clients/speech/diarize.ts";
import { createEmbeddedEngine } from "#activities/clients/speech/embedded.ts";
import { createOpenAiEngine } from "#activities/clients/speech/openai.ts";
import { speechWeights } from "#activities/clients/speech/weights.ts";
import type { ChooseAnalyst } from "#activities/analysis.ts";
import type { ActivityDeps } from "#activities/index.ts";
import type { SpeechTools } from "#activities/speech.ts";
import type { PrismaClient } from "#records/db.ts";
import { openMediaStore } from "#records/open-media-store.ts";
import type { WorkerEnv } from "./env.ts";

interface Given {
  env: WorkerEnv;
  log: Logger;
  prisma: PrismaClient;
  client: Client;
}

/** What the activities work with, chosen by the environment: embedded tools where nothing is configured. */
export async function createTools({ env, log, prisma, client }: Given): Promise<ActivityDeps> {
  return {
    prisma,
    media: await openMediaStore(env),
    log,
    scratchDir: join(tmpdir(), "convene"),
    mediaLimits: {
      maxDurationSeconds: env.MAX_DURATION_SECONDS,
      deadlineMs: env.MEDIA_DEADLINE_SECONDS * 1000,
      maxRssMb: env.MEDIA_MEMORY_MB,
    },
    speech: chooseSpeech(env, log),
    chooseAnalyst: analystChooser(env),
    spendLimitCents: env.MODEL_SPEND_CENTS_PER_DAY,
    isWorkflowOpen: (workflowId) => isWorkflowOpen(client, workflowId),
  };
}

// A compatible server on one's own machine often wants no key; the client insists on some value.
const account = ({ OPENAI_API_KEY, OPENAI_BASE_URL }: WorkerEnv) =>
  OPENAI_API_KEY === undefined && OPENAI_BASE_URL === undefined
    ? null
    : { apiKey: OPENAI_API_KEY ?? "none", baseUrl: OPENAI_BASE_URL };

function chooseSpeech(env: WorkerEnv, log: Logger): SpeechTools {
  const diarize = createDiarizer();
  const provider = account(env);
  if (provider !== null && env.SPEECH_MODEL !== "embedded") {
    const engine = createOpenAiEngine({ ...provider, model: env.SPEECH_MODEL });
    return { engine, diarize, centsPerMinute: env.SPEECH_CENTS_PER_MINUTE };
  }
  const weights = () => speechWeights({ cacheDir: env.CONVENE_CACHE, log: (line) => log.info(line) });
  return { engine: createEmbeddedEngine({ weights }), diarize, centsPerMinute: 0 };
}

function analystChooser(env: WorkerEnv): ChooseAnalyst {
  const embedded = createEmbeddedAnalyst();
  const provider = account(env);
  return (model) => {
    const wanted = model ?? env.ANALYSIS_MODEL;
    if (provider === null || wanted === "embedded" || wanted === embedded.model) return embedded;
    return createOpenAiAnalyst({ ...provider, model: wanted });
  };
}

async function isWorkflowOpen(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === "RUNNING";
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
