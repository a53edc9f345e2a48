import { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "../db.ts";
import { episodeAudioKey } from "../media/media-store.ts";
import { addressedBy } from "./listeners.ts";

const podcastSelect = {
  id: true,
  title: true,
  description: true,
  imageUrl: true,
  siteUrl: true,
  language: true,
  sourceLanguage: true,
  author: true,
  sourceAuthor: true,
  ownerEmail: true,
  category: true,
  createdAt: true,
  updatedAt: true,
  files: { where: { kind: "cover" }, select: { id: true, mediaType: true, sha256: true } },
} as const;

/** A channel as its listeners get it, by the key in their address. Null: there is none. */
export const podcastByKey = (db: Db, key: string) =>
  db.channel.findFirst({ where: addressedBy(key), select: podcastSelect });
export type PodcastRow = NonNullable<Awaited<ReturnType<typeof podcastByKey>>>;

const isOut = { state: "published", audioRemovedAt: null } as const;

/** When anything last changed of what listeners got, or were given before it was withdrawn, and how much is out. */
export async function episodesStand(db: Db, channelId: string) {
  const { _max } = await db.episode.aggregate({
    where: { channelId, publishedAt: { not: null } },
    _max: { updatedAt: true },
  });
  const count = await db.episode.count({ where: { channelId, ...isOut } });
  return { changedAt: _max.updatedAt, count };
}

/** The episodes that are out, the newest first, at most so many. */
export const publishedEpisodes = (db: Db, channelId: string, most: number) =>
  db.episode.findMany({
    where: { channelId, ...isOut },
    select: {
      id: true,
      videoId: true,
      revision: true,
      title: true,
      description: true,
      audioKey: true,
      audioType: true,
      audioBytes: true,
      durationMs: true,
      originalDate: true,
      publishedAt: true,
      video: { select: { pageUrl: true, imageUrl: true, isExplicit: true } },
    },
    orderBy: [{ publishedAt: "desc" }, { id: "desc" }],
    take: most,
  });
export type PublishedEpisode = Awaited<ReturnType<typeof publishedEpisodes>>[number];

/** The revisions of a channel's videos that have chapters, each as `videoId-revision`. */
export async function chapteredRevisions(db: Db, channelId: string): Promise<Set<string>> {
  const rows = await db.episodeDecision.findMany({
    where: { video: { channelId }, chapters: { not: Prisma.DbNull } },
    select: { videoId: true, revision: true },
  });
  return new Set(rows.map(({ videoId, revision }) => `${videoId}-${revision}`));
}

/**
 * One episode that is out, in the revision that is out, or in one before it: apps read a feed again only hours later.
 * Null: there is none, or it was withdrawn.
 */
export async function publishedEpisode(db: Db, key: string, { id, revision }: { id: string; revision: number }) {
  const episode = await db.episode.findFirst({
    where: { id, revision: { gte: revision }, oldestRevision: { lte: revision }, ...isOut, channel: addressedBy(key) },
    select: {
      id: true,
      videoId: true,
      revision: true,
      audioKey: true,
      audioType: true,
      audioBytes: true,
      updatedAt: true,
    },
  });
  if (episode === null || episode.revision === revision) return episode;
  return { ...episode, revision, audioKey: episodeAudioKey(episode.videoId, revision) };
}
