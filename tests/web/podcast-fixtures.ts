import { ChannelFilters } from "#domain/channels/filters.ts";
import { findMainContent } from "#domain/channels/judgement/main-content.ts";
import { decidePublication, usualThresholds } from "#domain/channels/judgement/decide.ts";
import { judgementOf } from "#domain/channels/judgement/judgement.ts";
import type { FailureCode } from "#domain/failure.ts";
import type { RunEvent } from "#domain/run.ts";
import { createChannel } from "#records/channels/channels.ts";
import { beginCheck, completeCheck, failCheck } from "#records/channels/checks.ts";
import { storeDecision } from "#records/channels/decisions.ts";
import { keepDownloaded } from "#records/channels/downloads.ts";
import { storeEpisode } from "#records/channels/episodes.ts";
import type { CheckProblem } from "#records/channels/problems.ts";
import { queueVideo, upsertVideos } from "#records/channels/videos.ts";
import { segmentsOf, storeSegments } from "#records/conversations/segments.ts";
import type { PrismaClient } from "#records/db.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { applyRunEvent } from "#records/runs/runs.ts";

interface Owner {
  userId: string;
  workspaceId: string;
}

/** A channel as a person adds it, and what then happens to it, without a worker. */
export async function addChannel(
  prisma: PrismaClient,
  { userId, workspaceId }: Owner,
  { title = "Harbour talks", url = "https://podcast.example.com/feed.xml?key=secret" } = {},
) {
  const draft = {
    source: "feed",
    url,
    title,
    language: null,
    mode: "sure",
    filters: ChannelFilters.parse({}),
    startsLast: 0,
  } as const;
  const id = await createChannel(prisma, { ...draft, userId, workspaceId });
  if (id === null) throw new Error("The workspace has too many channels");
  let found = 0;

  /** An item that its source holds. */
  const find = async (name: string, publishedAt = new Date("2026-11-20T08:00:00Z")) => {
    const externalId = `item-${(found += 1)}`;
    const item = {
      externalId,
      title: name,
      description: "",
      publishedAt,
      durationSeconds: 75,
      pageUrl: "https://podcast.example.com/page",
      mediaUrl: `https://podcast.example.com/${externalId}.mp3`,
      mediaType: "audio/mpeg",
      mediaBytes: 1000,
      imageUrl: null,
      isExplicit: null,
      chapters: null,
    };
    await upsertVideos(prisma, id, [item]);
    const video = await prisma.video.findFirstOrThrow({ where: { channelId: id, externalId } });
    return video.id;
  };

  const look = async () => {
    const check = await beginCheck(prisma, id, 60_000);
    if (typeof check === "string") throw new Error(check);
    return check;
  };

  return {
    id,
    path: `/podcasts/${id}`,
    find,
    /** An item with its job, in line. */
    async queue(name: string, by: { backfillId?: string } = {}) {
      const videoId = await find(name);
      await queueVideo(prisma, await prisma.channel.findUniqueOrThrow({ where: { id } }), videoId, by);
      return jobOf(prisma, videoId);
    },
    look,
    lookedAt: async () => completeCheck(prisma, await look(), null, 600_000),
    notReadable: async (problem: CheckProblem) => failCheck(prisma, await look(), problem, 600_000),
  };
}

/** The job of a video that is in line, and what then happens to it. */
async function jobOf(prisma: PrismaClient, videoId: string) {
  const { id } = await prisma.run.findFirstOrThrow({ where: { conversationId: videoId }, select: { id: true } });
  const move = (...events: RunEvent[]) =>
    prisma.$transaction(async (tx) => {
      for (const event of events) await applyRunEvent(tx, id, event);
    });
  const begin = () => move({ type: "started" }, { type: "stage", stage: "downloading" });
  /** Its file is there, and a browser can play it. */
  const fetched = async () => {
    const video = await prisma.video.findUniqueOrThrow({ where: { id: videoId }, include: { channel: true } });
    const file = { fileName: "item.mp3", sha256: "0".repeat(64), sizeBytes: 355_245 };
    const rendition = { renditionKey: mediaKeys(videoId).original, renditionType: "audio/mpeg", durationMs: 44_250 };
    await prisma.$transaction(async (tx) => {
      await keepDownloaded(tx, video, file);
      await tx.recording.update({ where: { id: videoId }, data: rendition });
    });
    return video;
  };
  const fail = (message: string, code: FailureCode = "provider_unavailable") =>
    move({ type: "failed", error: { code, message, stage: "transcription", attempt: 1 } });
  /** The whole of its work: file, episode, end. */
  const complete = async () => {
    const video = await fetched();
    const audio = { audioKey: "episode", audioType: "audio/mpeg", audioBytes: 355_245, durationMs: 44_250 };
    await prisma.$transaction((tx) => storeEpisode(tx, video, audio));
    await move({ type: "completed" });
  };
  /** The whole of its work on a talk too short to go out by itself: its words' ids. */
  const completeJudged = async () => {
    const said = ["Welcome to the harbour.", "Tell us how pilots work.", "They come aboard before the locks."];
    const words = said.map((text, at) => ({
      sourceKey: `${at}`,
      speaker: "SPEAKER_01",
      text,
      start: at * 9,
      end: at * 9 + 8,
    }));
    await prisma.$transaction((tx) => storeSegments(tx, videoId, words));
    const video = await fetched();
    const segments = await segmentsOf(prisma, videoId);
    const content = findMainContent({ segments, durationMs: 44_250, speakersKnown: true });
    if (content === null) throw new Error("No words were found");
    const decision = decidePublication({ content, segments, isWhole: true, soundsForeign: false }, usualThresholds);
    const { startMs, endMs } = content;
    const audio = { audioKey: "episode", audioType: "audio/mpeg", audioBytes: 355_245, durationMs: endMs - startMs };
    await prisma.$transaction(async (tx) => {
      await storeDecision(tx, { videoId, revision: 1 }, { ...decision, startMs, endMs });
      await storeEpisode(tx, video, audio, judgementOf(decision));
    });
    await move({ type: "completed" });
    return segments.map((segment) => segment.id);
  };
  return { id, videoId, move, begin, fetched, fail, complete, completeJudged };
}
