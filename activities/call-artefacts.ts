import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cancellationSignal } from "@temporalio/activity";
import { fileTypeFromFile } from "file-type";
import type { Logger } from "pino";
import { z } from "zod";
import { CallWebhook } from "#domain/call-webhook.ts";
import { conversationTopic } from "#domain/live.ts";
import { cleanLine, prose } from "#domain/text.ts";
import { announce } from "#records/live/feed.ts";
import type { PrismaClient } from "#records/db.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { markHeard, resumeHeard } from "#records/meetings/not-heard.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import type { NewSegment } from "#records/conversations/segments.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { fetchOffered } from "./clients/calls/offered-file.ts";
import { failure } from "./clients/child.ts";
import type { GuardedFetch } from "./clients/guarded-fetch.ts";

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  scratchDir: string;
  guardedFetch: GuardedFetch;
  /** The provider's own address, which need not be https where a person set it so. */
  streamBaseUrl: string | undefined;
  signalTranscript(meetingId: string, toSequence: number): Promise<void>;
}

interface Offered {
  meetingId: string;
  deliveryId: string;
}

const mostAudioBytes = 2 * 1024 ** 3;
const mostTextBytes = 50 * 1024 ** 2;
/** Most time for storing a whole transcript, however long it is. */
const storeMs = 60_000;

/** A line of Stream's transcript file. Times are milliseconds from the file's start. */
const Line = z.object({
  speaker_id: z.string().overwrite(cleanLine).max(200),
  text: prose(20_000).min(1),
  start_ts: z.number().min(0),
  stop_ts: z.number().min(0),
});

/** Keeps what a call's provider offers after its end, for a time only. */
export function createCallArtefactActivities({ prisma, media, log, scratchDir, ...deps }: Deps) {
  // Null: the meeting or the delivery is gone, and nobody wants the file any more.
  async function openOffer({ meetingId, deliveryId }: Offered) {
    const delivery = await prisma.webhookDelivery.findUnique({ where: { id: deliveryId } });
    const meeting = await prisma.meeting.findUnique({ where: { id: meetingId } });
    if (delivery === null || meeting === null) return null;
    return { meeting, webhook: CallWebhook.parse(JSON.parse(Buffer.from(delivery.body).toString("utf8"))) };
  }

  async function withFile<T>(url: string | undefined, mostBytes: number, use: (path: string) => Promise<T>) {
    await mkdir(scratchDir, { recursive: true });
    const folder = await mkdtemp(join(scratchDir, "call-"));
    using _heartbeat = startHeartbeat();
    try {
      const path = join(folder, "file");
      const offered = { url, providerUrl: deps.streamBaseUrl, mostBytes, signal: cancellationSignal() };
      await fetchOffered(deps.guardedFetch, path, offered);
      return await use(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  // At once, so that nobody reads a part of it.
  const storeWhole = (id: string, segments: NewSegment[]) =>
    prisma.$transaction(
      async (tx) => {
        for (let from = 0; from < segments.length; from += 500) {
          await announce(tx, await storeSegments(tx, id, segments.slice(from, from + 500)));
        }
        await markHeard(tx, id);
      },
      { timeout: storeMs },
    );

  return {
    /** Fetches the recording named by a delivery into the media store; the same again replaces the same object. */
    async keepCallAudio(offered: Offered): Promise<void> {
      const offer = await openOffer(offered);
      if (offer === null) return;
      const { meetingId } = offered;
      await withFile(offer.webhook.call_recording?.url, mostAudioBytes, async (path) => {
        const type = await fileTypeFromFile(path);
        if (!/^(audio|video)\//.test(type?.mime ?? "")) throw failure("not_audio");
        const key = mediaKeys(meetingId).callAudio;
        await media.putFile(key, path);
        await prisma.$transaction(async (tx) => {
          const data = { audioKey: key, audioType: type?.mime ?? null };
          const { count } = await tx.meeting.updateMany({ where: { id: meetingId }, data });
          if (count === 0) return media.removeAll(key);
          const news = { conversationId: meetingId };
          await announce(tx, [{ topic: conversationTopic(meetingId), type: "conversation.changed", data: news }]);
        });
        log.info({ meetingId }, "call audio kept");
      });
    },

    /** Stores the provider's transcript, where none was collected in the call; the same again stores nothing. */
    async keepCallTranscript(offered: Offered): Promise<void> {
      const offer = await openOffer(offered);
      if (offer === null) return;
      const { meeting, webhook } = offer;
      const { id } = meeting;
      const collected = await prisma.transcriptSegment.count({
        where: { conversationId: id, NOT: { sourceKey: { startsWith: "file:" } } },
      });
      if (collected > 0) return;
      await withFile(webhook.call_transcription?.url, mostTextBytes, async (path) => {
        const startedAt = Date.parse(webhook.call_transcription?.start_time ?? "") || meeting.startedAt?.getTime();
        const segments = await readLines(path, { agentId: meeting.agentId, startedAt });
        if (segments.length > 0) await storeWhole(id, segments);
        log.info({ meetingId: id, segments: segments.length }, "[Transcript] taken from the provider");
        if (segments.length === 0) return;
        await deps.signalTranscript(id, segments.length);
        if (await resumeHeard(prisma, { meetingId: id })) log.info({ meetingId: id }, "[Processing] heard after all");
      });
    },
  };
}

async function readLines(
  path: string,
  { agentId, startedAt }: { agentId: string | null; startedAt: number | undefined },
): Promise<NewSegment[]> {
  const segments: NewSegment[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const parsed = Line.safeParse(jsonOf(line));
    if (!parsed.success) continue;
    const { speaker_id, text, start_ts, stop_ts } = parsed.data;
    segments.push({
      sourceKey: `file:${segments.length}`,
      ...(speaker_id === agentId ? { speaker: "agent" } : { speaker: "user", person: { id: speaker_id, name: null } }),
      text,
      start: start_ts / 1000,
      end: Math.max(start_ts, stop_ts) / 1000,
      spokenAt: startedAt === undefined ? undefined : new Date(startedAt + start_ts),
    });
  }
  return segments;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
