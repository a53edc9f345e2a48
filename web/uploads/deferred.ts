import { rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { MemoryLocker } from "@tus/server";
import type { Request } from "express";
import type { Upload } from "#prisma/generated/client.ts";
import type { WebDeps } from "../deps.ts";
import { Problem } from "../http/problem.ts";
import type { Finished } from "./finish.ts";
import { emptyFile, roomFor } from "./intake.ts";

/**
 * Uploads whose length is said at their end: recordings that are still being made. Their sender may go away for ever
 * (a closed tab, a dead battery), so what has arrived becomes the recording when nothing is heard of it for a while.
 */
export function createDeferred({
  deps: { prisma, env, log },
  directory,
  locker,
  finish,
}: {
  deps: WebDeps;
  directory: string;
  locker: MemoryLocker;
  finish: (id: string) => Promise<Finished>;
}) {
  // A server that was down has heard of nobody: its senders get the whole time to come back.
  const openedAt = Date.now();
  const pathOf = (id: string) => join(directory, id);

  /** Refuses a part for which there is no room, and notes that the sender is still there. */
  async function admit(request: Request, { id, userId }: Upload): Promise<void> {
    if (request.headers["upload-length"] === "0") throw emptyFile();
    const length = request.method === "PATCH" ? bodyLength(request) : 0;
    // An empty part takes no room: it ends an upload that has reached the limit.
    if (length > 0) {
      const { maxBytes, refusal } = await roomFor({ prisma, env }, userId);
      if (Number(request.headers["upload-offset"]) + length > maxBytes) throw refusal;
    }
    const now = new Date();
    await utimes(pathOf(id), now, now).catch(ignoreMissing);
  }

  const sizeOf = async (id: string): Promise<number> => (await factsOf(id))?.size ?? 0;
  const factsOf = (id: string) => stat(pathOf(id)).catch(ignoreMissing);

  async function isAbandoned({ id, expiresAt }: Upload): Promise<boolean> {
    const facts = await factsOf(id);
    const lastSign = Math.max(facts?.mtimeMs ?? 0, openedAt);
    return Date.now() - lastSign >= env.UPLOAD_IDLE_SECONDS * 1000 || expiresAt.getTime() <= Date.now();
  }

  /** Under the lock that parts are written under, so that none arrives while the file becomes a recording. */
  async function endIfAbandoned(upload: Upload): Promise<void> {
    if (!(await isAbandoned(upload))) return;
    const { id } = upload;
    const lock = locker.newLock(id);
    await lock.lock(new AbortController().signal, () => undefined);
    try {
      if (await isAbandoned(upload)) await end(id);
    } finally {
      await lock.unlock();
    }
  }

  async function end(id: string): Promise<void> {
    if ((await sizeOf(id)) > 0) {
      await finish(id);
      return log.info({ uploadId: id }, "ended a recording whose sender has gone");
    }
    await prisma.upload.deleteMany({ where: { id, conversationId: null } });
    for (const path of [pathOf(id), `${pathOf(id)}.json`]) await rm(path, { force: true });
  }

  return {
    admit,
    async endAbandoned(): Promise<void> {
      for (const upload of await prisma.upload.findMany({ where: { deferred: true, finishedAt: null } })) {
        await endIfAbandoned(upload).catch((error: unknown) =>
          log.warn({ err: error, uploadId: upload.id }, "could not end a recording whose sender has gone"),
        );
      }
    },
  };
}

/** How much comes in a request for an upload without a length; nothing else would hold it to the limits. */
export function bodyLength({ headers }: Request): number {
  if (headers["transfer-encoding"] !== undefined) {
    throw new Problem(411, "length_missing", "Say the length of each part in the header Content-Length.");
  }
  return Number(headers["content-length"] ?? 0);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
