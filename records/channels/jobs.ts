import { jobStageOf, jobStatusOf, statusesOfJob } from "#domain/channels/job.ts";
import type { FailureCode } from "#domain/failure.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";
import { decisionOf } from "./decisions.ts";
import { episodeView, shownEpisode } from "./episodes.ts";

const jobSelect = {
  id: true,
  conversationId: true,
  title: true,
  status: true,
  stage: true,
  percent: true,
  message: true,
  attempt: true,
  cancelRequested: true,
  errorCode: true,
  errorMessage: true,
  createdAt: true,
  updatedAt: true,
} satisfies Prisma.RunSelect;

type JobRow = Prisma.RunGetPayload<{ select: typeof jobSelect }>;

/** One job of a channel: what becomes of one of its videos (D-9). */
function jobView(row: JobRow) {
  const { id, title, message, attempt, cancelRequested, createdAt, updatedAt } = row;
  const status = jobStatusOf(row.status);
  const { stage, progress } = jobStageOf(row);
  const error =
    status === "failed"
      ? {
          code: (row.errorCode ?? "cancelled") as FailureCode | "cancelled",
          message: row.errorMessage ?? "It was cancelled.",
        }
      : null;
  const videoId = row.conversationId ?? "";
  return {
    id,
    videoId,
    videoTitle: title,
    status,
    stage,
    progress,
    message,
    attempt,
    cancelRequested,
    error,
    createdAt,
    updatedAt,
  };
}
export type JobView = ReturnType<typeof jobView>;

/** Who asks, and for which channel; the reference design calls it an agent. */
interface Asked {
  userId: string;
  agentId: string;
}

const jobsOf = ({ userId, agentId }: Asked) =>
  ({ channelId: agentId, kind: "video", ...readableBy(userId) }) satisfies Prisma.RunWhereInput;

/** A page of a channel's jobs, newest first (D-7, D-8). Pages count from 1. */
export async function getJobsByAgentId(db: Db, asked: Asked, page: number, limit: number) {
  const where = jobsOf(asked);
  const [total, rows] = [
    await db.run.count({ where }),
    await db.run.findMany({ where, select: jobSelect, orderBy: { id: "desc" }, skip: (page - 1) * limit, take: limit }),
  ];
  return { jobs: rows.map(jobView), total, page, totalPages: Math.ceil(total / limit) };
}

/** The jobs that are not over, oldest first. */
export async function getActiveJobs(db: Db, asked: Asked, most = 1000): Promise<JobView[]> {
  const status = { in: [...statusesOfJob.pending, ...statusesOfJob.processing] };
  const where = { ...jobsOf(asked), status };
  const rows = await db.run.findMany({ where, select: jobSelect, orderBy: { id: "asc" }, take: most });
  return rows.map(jobView);
}

/** One job with its video and, once there is one, what was judged of it and its episode (D-12). Null: not there, or not this person's. */
export async function getJobDetails(db: Db, asked: Asked, jobId: string) {
  const row = await db.run.findFirst({ where: { id: jobId, ...jobsOf(asked) }, select: jobSelect });
  if (row === null) return null;
  const video = await db.video.findUnique({
    where: { id: row.conversationId ?? "" },
    select: {
      id: true,
      externalId: true,
      title: true,
      description: true,
      publishedAt: true,
      durationSeconds: true,
      pageUrl: true,
      state: true,
      episode: { select: shownEpisode },
    },
  });
  if (video === null) return null;
  const { episode, ...rest } = video;
  return {
    ...jobView(row),
    video: rest,
    episode: episode === null ? null : episodeView(episode),
    decision: await decisionOf(db, { videoId: video.id, revision: episode?.revision ?? 1 }),
  };
}

/**
 * What a channel has come to (D-13 to D-16). `totalVideos` counts the videos that were ever put in line; `successRate`
 * is episodes / totalVideos × 100, to two decimals, and 0 where there are none. `finishedSuccessRate` leaves out what
 * still runs.
 */
export async function getAgentStats(db: Db, { userId, agentId }: Asked) {
  const channel = { id: agentId, ...readableBy(userId) };
  const [jobs, totalVideos, episodes] = [
    await db.run.groupBy({ by: ["status"], where: jobsOf({ userId, agentId }), _count: { _all: true } }),
    await db.video.count({ where: { queuedAt: { not: null }, channel } }),
    await db.episode.groupBy({ by: ["state"], where: { channel }, _count: { _all: true } }),
  ];
  const jobsIn = (...wanted: string[]) =>
    jobs.reduce((sum, { status, _count }) => sum + (wanted.includes(jobStatusOf(status)) ? _count._all : 0), 0);
  const totalEpisodes = episodes.reduce((sum, { _count }) => sum + _count._all, 0);
  const publishedEpisodes = episodes.find(({ state }) => state === "published")?._count._all ?? 0;
  const activeJobs = jobsIn("pending", "processing");
  const failedJobs = jobsIn("failed");
  return {
    totalVideos,
    totalEpisodes,
    publishedEpisodes,
    unpublishedEpisodes: totalEpisodes - publishedEpisodes,
    activeJobs,
    failedJobs,
    successRate: percentOf(totalEpisodes, totalVideos),
    finishedSuccessRate: percentOf(totalEpisodes, totalEpisodes + failedJobs),
  };
}

export type ChannelStats = Awaited<ReturnType<typeof getAgentStats>>;

const percentOf = (part: number, whole: number) => (whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100);
