import type { Locker } from "@tus/server";
import type { Request } from "express";
import type { Upload } from "#prisma/generated/client.ts";
import type { WebDeps } from "../deps.ts";
import { Problem } from "../http/problem.ts";
import type { StoredUpload } from "./store-upload.ts";
import { emptyFile, roomFor } from "./intake.ts";
import type { Refused } from "./cut-note.ts";
import type { PartStore } from "./part-store.ts";

/**
 * Uploads whose length is said at their end: recordings that are still being made. Their sender may go away for ever
 * (a closed tab, a dead battery), so what has arrived becomes the recording when nothing is heard of it for a while.
 */
export function createDeferred({
  deps: { prisma, env, log },
  parts,
  locker,
  finish,
}: {
  deps: WebDeps;
  parts: PartStore;
  locker: Locker;
  finish: (id: string) => Promise<StoredUpload>;
}) {
  // A server that was down has heard of nobody: its senders get the whole time to come back.
  const openedAt = Date.now();
  /** Refuses a part for which there is no room, and notes that the sender is still there. */
  async function admit(request: Request, { id, userId }: Upload): Promise<void> {
    if (request.headers["upload-length"] === "0") throw emptyFile();
    const length = request.method === "PATCH" ? bodyLength(request) : 0;
    // An empty part takes no room: it ends an upload that has reached the limit.
    if (length > 0) {
      const { maxBytes, refusal } = await roomFor({ prisma, env }, userId);
      const upTo = Number(request.headers["upload-offset"]) + length;
      if (upTo > maxBytes) {
        await noteRefused(id, { upTo, code: refusal.code });
        throw refusal;
      }
    }
    await hearOf(id);
  }

  // So that the recording can say that it was cut off, unless all of this comes after all, in smaller parts.
  async function noteRefused(id: string, refused: Refused): Promise<void> {
    await prisma.$executeRaw`
      UPDATE upload SET metadata = metadata || jsonb_build_object('refused', ${JSON.stringify(refused)}::jsonb)
      WHERE id = ${id} AND finished_at IS NULL`;
  }

  /** Its sender is there: a part begins, or has ended. */
  async function hearOf(id: string): Promise<void> {
    await prisma.upload.updateMany({ where: { id, finishedAt: null }, data: { lastSeenAt: new Date() } });
  }

  /** Under way, written by nobody, and not heard of for the whole time; null: there is no such upload any more. */
  async function abandoned(id: string): Promise<Upload | null> {
    const now = new Date();
    const upload = await prisma.upload.findFirst({
      where: { id, deferred: true, finishedAt: null, OR: [{ lockUntil: null }, { lockUntil: { lt: now } }] },
    });
    if (upload === null) return null;
    const lastSign = Math.max(upload.lastSeenAt.getTime(), openedAt);
    const isSilent = now.getTime() - lastSign >= env.UPLOAD_IDLE_SECONDS * 1000;
    return isSilent || upload.expiresAt <= now ? upload : null;
  }

  /** Under the lock that parts are written under, so that none arrives while the file becomes a recording. */
  async function endIfAbandoned({ id }: Upload): Promise<void> {
    const before = await abandoned(id);
    if (before === null) return;
    const lock = locker.newLock(id);
    await lock.lock(new AbortController().signal, () => undefined);
    try {
      // Somebody may have written, or ended it, until the lock was had.
      const upload = await prisma.upload.findUnique({ where: { id } });
      if (upload?.finishedAt === null && upload.lastSeenAt.getTime() === before.lastSeenAt.getTime()) await end(upload);
    } finally {
      await lock.unlock();
    }
  }

  async function end(upload: Upload): Promise<void> {
    const { id } = upload;
    if ((await parts.arrived(upload)) > 0) {
      await finish(id);
      return log.info({ uploadId: id }, "ended a recording whose sender has gone");
    }
    await parts.drop(upload);
    await prisma.upload.deleteMany({ where: { id, conversationId: null } });
  }

  return {
    admit,
    hearOf,
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
