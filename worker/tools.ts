import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import type { ActivityDeps } from "#activities/index.ts";
import type { PrismaClient } from "#records/db.ts";
import { createFolderStore } from "#records/folder-store.ts";
import type { WorkerEnv } from "./env.ts";

/** What the activities work with, chosen by the environment: embedded tools where nothing is configured. */
export function createTools({
  env,
  log,
  prisma,
  client,
}: {
  env: WorkerEnv;
  log: Logger;
  prisma: PrismaClient;
  client: Client;
}): ActivityDeps {
  throw new Error("wired below");
}
