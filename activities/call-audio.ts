import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApplicationFailure, cancellationSignal, heartbeat } from "@temporalio/activity";
import { fileTypeFromFile } from "file-type";
import type { Logger } from "pino";
import { CallWebhook } from "#domain/call-webhook.ts";
import { conversationTopic } from "#domain/live.ts";
import { announce } from "#records/feed.ts";
import type { PrismaClient } from "#records/db.ts";
import { mediaKeys } from "#records/media-store.ts";
import type { MediaStore } from "#records/media-store.ts";
import { failure } from "./clients/child.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  scratchDir: string;
  /** The carrier's own address, which need not be https where a person set it so. */
  streamBaseUrl: string | undefined;
}

const mostBytes = 2 * 1024 ** 3;
const deadlineMs = 25 * 60_000;

/** Keeps the recording that a call's carrier offers for a time only. */
export function createCallAudioActivities({ prisma, media, log, scratchDir, streamBaseUrl }: Deps) {
  return {
    /** Fetches the recording named by a delivery into the media store; the same again replaces the same object. */
    async keepCallAudio({ meetingId, deliveryId }: { meetingId: string; deliveryId: string }): Promise<void> {
      const delivery = await prisma.webhookDelivery.findUnique({ where: { id: deliveryId } });
      const exists = (await prisma.meeting.count({ where: { id: meetingId } })) > 0;
      if (delivery === null || !exists) return;
      const url = urlOf(delivery.body, streamBaseUrl);
      await mkdir(scratchDir, { recursive: true });
      const folder = await mkdtemp(join(scratchDir, "call-audio-"));
      const beating = setInterval(() => heartbeat(), 2_000);
      try {
        const path = join(folder, "audio");
        await download(url, path);
        const type = await fileTypeFromFile(path);
        if (!/^(audio|video)\//.test(type?.mime ?? "")) throw failure("not_audio");
        const key = mediaKeys(meetingId).callAudio;
        await media.putFile(key, path);
        await prisma.$transaction(async (tx) => {
          const { count } = await tx.meeting.updateMany({
            where: { id: meetingId },
            data: { audioKey: key, audioType: type?.mime ?? null },
          });
          if (count === 0) return media.removeAll(key);
          const data = { conversationId: meetingId };
          await announce(tx, [{ topic: conversationTopic(meetingId), type: "conversation.changed", data }]);
        });
        log.info({ meetingId }, "call audio kept");
      } finally {
        clearInterval(beating);
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

// A verified sender names it; still, nothing but the open web or the carrier's own server is asked.
function urlOf(body: Uint8Array, streamBaseUrl: string | undefined): string {
  const { call_recording } = CallWebhook.parse(JSON.parse(Buffer.from(body).toString("utf8")));
  const url = new URL(call_recording?.url ?? "about:blank");
  const isOwn = streamBaseUrl !== undefined && url.origin === new URL(streamBaseUrl).origin;
  if (url.protocol !== "https:" && !isOwn) {
    throw ApplicationFailure.nonRetryable("The recording's address is not https", "media_missing");
  }
  return url.href;
}

async function download(url: string, path: string): Promise<void> {
  const signal = AbortSignal.any([cancellationSignal(), AbortSignal.timeout(deadlineMs)]);
  const response = await fetch(url, { signal, redirect: "error" });
  // Signed addresses run out; asking again would not help.
  if (response.status === 403 || response.status === 404) throw failure("media_missing");
  if (!response.ok || response.body === null) throw failure("provider_unavailable");
  let bytes = 0;
  const cap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > mostBytes ? failure("too_large") : null, chunk);
    },
  });
  await pipeline(response.body, cap, createWriteStream(path));
}
