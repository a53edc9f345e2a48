import { v5 } from "uuid";
import type { Prisma } from "#prisma/generated/client.ts";
import { readableBy } from "../accounts/access.ts";
import type { Db, Tx } from "../db.ts";

const episodeNamespace = "6a0c7b1e-7a8d-4c52-9d0b-3f6d1f0f8a35";

/** A video's episode has an id of its own, which whoever writes it comes to. It is its item's guid in feeds, for ever. */
export const episodeIdOf = (videoId: string): string => v5(videoId, episodeNamespace);

export const shownEpisode = {
  id: true,
  videoId: true,
  revision: true,
  state: true,
  title: true,
  description: true,
  audioType: true,
  audioBytes: true,
  durationMs: true,
  reason: true,
  originalDate: true,
  publishedAt: true,
  createdAt: true,
} satisfies Prisma.EpisodeSelect;

/** An episode as pages and API show it. */
export function episodeView({
  audioBytes,
  durationMs,
  ...row
}: Prisma.EpisodeGetPayload<{ select: typeof shownEpisode }>) {
  return {
    ...row,
    audioBytes: Number(audioBytes),
    durationSeconds: durationMs / 1000,
    published: row.state === "published",
  };
}
export type EpisodeView = ReturnType<typeof episodeView>;

/** A part of a channel's episodes, newest first. */
export async function episodesOf(
  db: Db,
  { userId, channelId }: { userId: string; channelId: string },
  { skip, most }: { skip: number; most: number },
): Promise<EpisodeView[]> {
  const rows = await db.episode.findMany({
    where: { channelId, channel: readableBy(userId) },
    select: shownEpisode,
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    skip,
    take: most,
  });
  return rows.map(episodeView);
}

/** One episode. Null: not there, or not this person's. */
export async function episodeOf(db: Db, userId: string, id: string): Promise<EpisodeView | null> {
  const row = await db.episode.findFirst({ where: { id, channel: readableBy(userId) }, select: shownEpisode });
  return row === null ? null : episodeView(row);
}

/** What there is to hear of a video, as its job made it. */
export interface EpisodeAudio {
  audioKey: string;
  audioType: string;
  audioBytes: number;
  durationMs: number;
}

/** Keeps a video's episode, held until a person publishes it. A second writing of the same changes nothing. */
export async function storeHeldEpisode(
  tx: Tx,
  video: { id: string; channelId: string; title: string; description: string; publishedAt: Date | null },
  { audioBytes, ...audio }: EpisodeAudio,
  reason: string,
): Promise<void> {
  await tx.episode.createMany({
    data: {
      id: episodeIdOf(video.id),
      channelId: video.channelId,
      videoId: video.id,
      state: "held",
      title: video.title,
      description: video.description,
      originalDate: video.publishedAt,
      audioBytes: BigInt(audioBytes),
      ...audio,
      reason,
    },
    skipDuplicates: true,
  });
}
