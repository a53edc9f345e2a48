import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import { createEmbeddedAnalyst } from "#activities/clients/analyst/embedded.ts";
import { createDiarizer } from "#activities/clients/speech/diarize.ts";
import { createEmbeddedEngine } from "#activities/clients/speech/embedded.ts";
import { speechWeights } from "#activities/clients/speech/weights.ts";
import type { ActivityDeps } from "#activities/index.ts";
import type { PrismaClient } from "#records/db.ts";
import { createFolderStore } from "#records/folder-store.ts";
import type { WorkerEnv } from "./env.ts";

interface Given {
  env: WorkerEnv;
  log: Logger;
  prisma: PrismaClient;
  client: Client;
}

/** What the activities work with, chosen by the environment: embedded tools where nothing is configured. */
export function createTools({ env, log, prisma, client }: Given): ActivityDeps {
  const embeddedAnalyst = createEmbeddedAnalyst();
  return {
    prisma,
    media: createFolderStore(env.MEDIA_DIR),
    log,
    scratchDir: join(tmpdir(), "convene"),
    mediaLimits: {
      maxDurationSeconds: env.MAX_DURATION_SECONDS,
      deadlineMs: env.MEDIA_DEADLINE_SECONDS * 1000,
      maxRssMb: env.MEDIA_MEMORY_MB,
    },
    speech: {
      engine: createEmbeddedEngine({
        weights: () => speechWeights({ cacheDir: env.CONVENE_CACHE, log: (line) => log.info(line) }),
      }),
      diarize: createDiarizer(),
    },
    chooseAnalyst: () => embeddedAnalyst,
    spendLimitCents: env.MODEL_SPEND_CENTS_PER_DAY,
    isWorkflowOpen: (workflowId) => isWorkflowOpen(client, workflowId),
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
