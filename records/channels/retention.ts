import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { episodeChanged } from "./channel-announcements.ts";

/** How long the sound of an episode's earlier cuts is given out to apps that have not read the feed since. */
export const earlierCutsDays = 14;

/** Files that have had their time, of one episode: what to remove, and then to note. */
export interface Expired {
  id: string;
  videoId: string;
  /** The revision that listeners get, and the oldest one whose file may be there. */
  revision: number;
  oldestRevision: number;
}

const running = [...runningStatuses];

/**
 * Published episodes whose channel keeps the files of the newest alone, in the order of its feed. What is worked on is
 * left to a later look.
 */
export const episodesToEmpty = (prisma: PrismaClient, most: number): Promise<Expired[]> =>
  prisma.$queryRaw<Expired[]>`
    SELECT id, video_id AS "videoId", revision, oldest_revision AS "oldestRevision"
    FROM (
      SELECT episode.*, channel.keep_episodes, row_number() OVER (
        PARTITION BY channel_id
        ORDER BY least(coalesce(episode.original_date, episode.published_at), episode.published_at) DESC, episode.id DESC
      ) AS place
      FROM episode JOIN channel ON channel.id = episode.channel_id
      WHERE channel.keep_episodes IS NOT NULL AND episode.state = 'published'
    ) AS placed
    WHERE place > keep_episodes AND audio_removed_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM episode_cut JOIN run ON run.id = run_id
                      WHERE episode_id = placed.id AND run.status = ANY(${running}))
    ORDER BY place DESC LIMIT ${most}`;

/** Notes that an episode's files are gone. False: it changed meanwhile, and what it is now has its own files. */
export async function noteEmptied(prisma: PrismaClient, { id, revision }: Expired): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.episode.updateMany({
      where: { id, revision },
      data: { audioRemovedAt: new Date(), oldestRevision: revision },
    });
    if (count === 0) return false;
    await announce(tx, [episodeChanged(await tx.episode.findUniqueOrThrow({ where: { id } }))]);
    return true;
  });
}

/** Episodes of which earlier cuts have their files still, though apps had time to hear of the present one. */
export const cutsToRemove = (prisma: PrismaClient, most: number): Promise<Expired[]> =>
  prisma.$queryRaw<Expired[]>`
    SELECT episode.id, video_id AS "videoId", episode.revision, oldest_revision AS "oldestRevision"
    FROM episode
    JOIN episode_cut ON episode_id = episode.id AND episode_cut.revision = episode.revision
    JOIN run ON run.id = run_id
    WHERE oldest_revision < episode.revision
      AND run.finished_at < now() - ${earlierCutsDays} * interval '1 day'
    ORDER BY run.finished_at LIMIT ${most}`;

/** Notes that no file is left of the cuts before this one. */
export async function noteCutsRemoved(prisma: PrismaClient, { id, revision }: Expired): Promise<void> {
  await prisma.episode.updateMany({
    where: { id, oldestRevision: { lt: revision } },
    data: { oldestRevision: revision },
  });
}

/** The videos whose episode has long been made, by what their channel says, and whose file is there as it was fetched. */
export const originalsToRemove = (prisma: PrismaClient, most: number): Promise<{ id: string; mediaKey: string }[]> =>
  prisma.$queryRaw<{ id: string; mediaKey: string }[]>`
    SELECT recording.id, recording.media_key AS "mediaKey"
    FROM episode
    JOIN channel ON channel.id = episode.channel_id
    JOIN recording ON recording.id = episode.video_id
    WHERE channel.originals_days IS NOT NULL AND original_removed_at IS NULL AND rendition_key IS NOT NULL
      AND episode.created_at < now() - channel.originals_days * interval '1 day'
      AND NOT EXISTS (SELECT 1 FROM run WHERE conversation_id = recording.id AND kind = 'video' AND status <> 'completed')
      AND NOT EXISTS (SELECT 1 FROM episode_cut JOIN run ON run.id = run_id
                      WHERE episode_id = episode.id AND run.status = ANY(${running}))
    ORDER BY episode.created_at LIMIT ${most}`;

/** Notes that a file is gone; it does not count towards its owner's space any more. */
export async function noteOriginalRemoved(prisma: PrismaClient, id: string): Promise<void> {
  await prisma.recording.updateMany({
    where: { id, originalRemovedAt: null },
    data: { originalRemovedAt: new Date() },
  });
}
