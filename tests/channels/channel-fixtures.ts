import { channelFileKinds } from "#domain/channels/channel-file.ts";
import { ChannelFilters } from "#domain/channels/filters.ts";
import { orderBackfill } from "#records/channels/backfills.ts";
import { createChannel } from "#records/channels/channels.ts";
import { keepDownloaded } from "#records/channels/downloads.ts";
import { episodeIdOf, storeEpisode } from "#records/channels/episodes.ts";
import { keepChannelFile } from "#records/channels/files.ts";
import { addListener } from "#records/channels/listeners.ts";
import { queueVideo, upsertVideos } from "#records/channels/videos.ts";
import type { PrismaClient } from "#records/db.ts";
import { channelFileKey, mediaKeys } from "#records/media/media-store.ts";
import { newId } from "#records/ids.ts";

export const itemOf = (title: string) => ({
  externalId: newId(),
  title,
  description: "",
  publishedAt: new Date("2026-01-31T10:00:00Z"),
  durationSeconds: 60,
  pageUrl: null,
  mediaUrl: "https://podcast.example.com/talk.mp3",
  mediaType: "audio/mpeg",
  mediaBytes: null,
  imageUrl: null,
  isExplicit: null,
  chapters: null,
});

const added = { language: null, mode: "sure", filters: ChannelFilters.parse({}), startsLast: 0 } as const;

interface Owner {
  userId: string;
  workspaceId: string;
}

/** A channel of own files, in which nothing is yet. */
export async function addUploadChannel(prisma: PrismaClient, { userId, workspaceId }: Owner) {
  const id = await createChannel(prisma, {
    userId,
    workspaceId,
    ...added,
    source: "upload",
    url: null,
    title: "Own talks",
  });
  if (id === null) throw new Error("no room for a channel");
  return id;
}

/** Rows of a channel's intro, outro and cover, and where their bytes would be. */
export async function addFileRows(prisma: PrismaClient, { userId }: Owner, channelId: string) {
  const keys: string[] = [];
  for (const kind of channelFileKinds) {
    const of =
      kind === "cover" ? { mediaType: "image/png", width: 1_400 } : { mediaType: "audio/mpeg", durationMs: 2_000 };
    const file = { id: newId(), fileName: "given", bytes: 5, sha256: "0".repeat(64), ...of };
    await keepChannelFile(prisma, { userId, channelId }, { ...file, kind });
    keys.push(channelFileKey(channelId, file.id));
  }
  return keys;
}

/** A channel whose source holds two items: one whose job waits to begin and has an episode, and one not begun. */
export async function addChannelRows(prisma: PrismaClient, { userId, workspaceId }: Owner) {
  const url = `https://podcast.example.com/${newId()}.xml`;
  const channelId = await createChannel(prisma, { userId, workspaceId, ...added, source: "feed", url, title: "Talks" });
  if (channelId === null) throw new Error("no room for a channel");
  await upsertVideos(prisma, channelId, [itemOf("In line"), itemOf("Not begun")]);
  const channel = await prisma.channel.findUniqueOrThrow({ where: { id: channelId } });
  const byTitle = (title: string) => prisma.video.findFirstOrThrow({ where: { channelId, title } });
  const [video, idle] = [await byTitle("In line"), await byTitle("Not begun")];
  await queueVideo(prisma, channel, video.id);
  const file = { fileName: "talk.mp3", sha256: "0".repeat(64), sizeBytes: 355_245 };
  const playable = { renditionKey: mediaKeys(video.id).original, renditionType: "audio/mpeg", durationMs: 60_000 };
  await prisma.$transaction(async (tx) => {
    await keepDownloaded(tx, { ...video, channel }, file);
    await tx.recording.update({ where: { id: video.id }, data: playable });
  });
  const audio = { audioKey: `conversations/${video.id}/episode-1.mp3`, audioType: "audio/mpeg" };
  await prisma.$transaction((tx) => storeEpisode(tx, video, { ...audio, audioBytes: 5, durationMs: 60_000 }));
  const job = await prisma.run.findFirstOrThrow({ where: { channelId } });
  const since = new Date("2025-01-01T00:00:00Z");
  const ordered = await orderBackfill(prisma, { userId, channelId, since });
  if (!ordered.ok) throw new Error(ordered.reason);
  const made = await addListener(prisma, { userId, channelId }, "Bo");
  if (!made.ok) throw new Error(made.reason);
  return {
    channel: channelId,
    listener: made.listener.id,
    job: job.id,
    backfill: ordered.id,
    video: idle.id,
    queued: video.id,
    episode: episodeIdOf(video.id),
  };
}
