import { sourceKindOf } from "#domain/channels/source.ts";
import { channelTopic } from "#domain/live.ts";
import { roleIn, writingRoles } from "../accounts/access.ts";
import { workspaceHeads } from "../live/workspace-heads.ts";
import { readAtOneInstant } from "../db.ts";
import type { PrismaClient } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { shownBackfills } from "./backfills.ts";
import { channelOf, channelsOf } from "./channels.ts";
import { episodesOf } from "./episodes.ts";
import { getActiveJobs, getAgentStats, getJobsByAgentId } from "./jobs.ts";
import { closedSource } from "./open-source.ts";
import { countIdle, idleVideos } from "./videos.ts";

/** A person's channels with what each has come to, and where the feeds that tell of them stand. */
export async function channelList(prisma: PrismaClient, userId: string) {
  return readAtOneInstant(prisma, async (tx) => {
    const channels = await channelsOf(tx, userId);
    const channelId = { in: channels.map(({ id }) => id) };
    const episodes = await tx.episode.groupBy({ by: ["channelId"], where: { channelId }, _count: { _all: true } });
    const jobs = await tx.run.groupBy({
      by: ["channelId"],
      where: { channelId, kind: "video", status: { in: [...runningStatuses] } },
      _count: { _all: true },
    });
    const countIn = (groups: { channelId: string | null; _count: { _all: number } }[], id: string) =>
      groups.find((group) => group.channelId === id)?._count._all ?? 0;
    return {
      channels: channels.map((channel) => ({
        ...channel,
        episodes: countIn(episodes, channel.id),
        activeJobs: countIn(jobs, channel.id),
      })),
      feeds: await workspaceHeads(tx, userId),
    };
  });
}

const perPage = { jobs: 20, episodes: 20 } as const;
/** As many of what was not begun as its page lists. */
const mostIdle = 100;

/**
 * All that a channel's page shows, with the feed's number of the same instant. Pages count from 1. Null: there is no
 * such channel, or it is not this person's.
 */
export async function channelSnapshot(
  prisma: PrismaClient,
  { userId, channelId }: { userId: string; channelId: string },
  pages: { jobs: number; episodes: number },
) {
  return readAtOneInstant(prisma, async (tx) => {
    const channel = await channelOf(tx, userId, channelId);
    if (channel === null) return null;
    const role = await roleIn(tx, userId, channel.workspaceId);
    const asked = { userId, agentId: channelId };
    const topic = channelTopic(channelId);
    const stats = await getAgentStats(tx, asked);
    const part = { skip: (pages.episodes - 1) * perPage.episodes, most: perPage.episodes };
    return {
      channel,
      canWrite: role !== null && writingRoles.includes(role),
      stats,
      active: await getActiveJobs(tx, asked),
      jobs: await getJobsByAgentId(tx, asked, pages.jobs, perPage.jobs),
      episodes: {
        episodes: await episodesOf(tx, { userId, channelId }, part),
        total: stats.totalEpisodes,
        page: pages.episodes,
        totalPages: Math.ceil(stats.totalEpisodes / perPage.episodes),
      },
      idle: { videos: await idleVideos(tx, channelId, mostIdle), total: await countIdle(tx, channelId) },
      closed: await closedSource(tx, sourceKindOf(channel)),
      backfills: await shownBackfills(tx, channelId),
      feeds: [{ topic, seq: await headOf(tx, topic) }],
    };
  });
}
