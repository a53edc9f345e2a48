import type { Logger } from "pino";
import { ytdlpVersions } from "#activities/clients/sources/youtube/ytdlp/tool.ts";
import { saveWorkerTools } from "#records/channels/worker-tools.ts";
import type { PrismaClient } from "#records/db.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  path: string | undefined;
}

/** Notes with what this worker fetches videos; it is for administrators to read, and keeps nothing from working. */
export async function saveToolVersions({ prisma, log, path }: Deps): Promise<void> {
  try {
    await saveWorkerTools(prisma, { node: process.versions.node, ...(await ytdlpVersions(path)) });
  } catch (error) {
    log.warn({ err: error }, "could not note what videos are fetched with");
  }
}
