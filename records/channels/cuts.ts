import { cutWorkflowId } from "#domain/ids.ts";
import type { EpisodeCut } from "#domain/inputs/channel.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { createRun } from "../runs/new-run.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import type { EpisodeAudio } from "./episodes.ts";
import { episodeChanged } from "./channel-announcements.ts";
import { beginReview, reviewEndsAt, tellReview } from "./review-wait.ts";

const inProgress = "Another cut of this episode is being made. Wait for it, or cancel it.";
const noFile = "The file that this episode was made from is not there any more, so that it cannot be cut otherwise.";

/** Orders another cut of an episode, as its next revision. While the same is being made, it is that one. */
export async function orderCut(
  prisma: PrismaClient,
  { userId, id }: { userId: string; id: string },
  { start, end }: EpisodeCut,
): Promise<Outcome<{ runId: string; revision: number }>> {
  const [startMs, endMs] = [Math.round(start * 1000), Math.round(end * 1000)];
  return prisma.$transaction(async (tx) => {
    // One at a time, so that the same order twice is one.
    await tx.$queryRaw`SELECT 1 FROM episode WHERE id = ${id}::uuid FOR UPDATE`;
    const episode = await tx.episode.findFirst({
      where: { id, channel: writableBy(userId) },
      include: { channel: { select: { workspaceId: true, reviewDays: true } } },
    });
    if (episode === null) return { ok: false, reason: "not_found" };
    const open = await tx.episodeCut.findFirst({
      where: { episodeId: id, run: { status: { in: [...runningStatuses] } } },
    });
    if (open !== null) {
      const isSame = open.startMs === startMs && open.endMs === endMs;
      if (isSame) return { ok: true, runId: open.runId, revision: open.revision };
      return { ok: false, reason: "conflict", message: inProgress };
    }
    const recording = await tx.recording.findUnique({ where: { id: episode.videoId } });
    if (!recording?.renditionKey || recording.durationMs === null) {
      return { ok: false, reason: "conflict", message: noFile };
    }
    if (endMs > recording.durationMs) {
      const message = `The file ends at ${recording.durationMs / 1000} seconds.`;
      return { ok: false, reason: "conflict", message };
    }
    const latest = await tx.episodeCut.aggregate({ where: { episodeId: id }, _max: { revision: true } });
    const revision = Math.max(episode.revision, latest._max.revision ?? 0) + 1;
    const { channelId, title, channel } = episode;
    const { workspaceId, reviewDays } = channel;
    const runId = await createRun(tx, {
      kind: "cut",
      stage: "audio_processing",
      workflowId: cutWorkflowId(id, revision),
      conversationId: null,
      channelId,
      title,
      ownerId: userId,
      workspaceId,
    });
    await tx.episodeCut.create({ data: { runId, episodeId: id, revision, startMs, endMs } });
    // Somebody is at it: the time to decide begins anew.
    if (episode.state === "held" && episode.reviewUntil !== null) {
      const reviewUntil = reviewEndsAt(reviewDays, episode.reviewUntil);
      await tx.episode.update({ where: { id }, data: { reviewUntil } });
      await announce(tx, [episodeChanged(episode)]);
    }
    await audit(tx, { workspaceId, actorId: userId, action: "episode.cut", subject: id });
    return { ok: true, runId, revision };
  });
}

const withEpisode = {
  episode: { include: { channel: { select: { title: true } }, video: { select: { publishedAt: true } } } },
} as const;
export type CutRow = Prisma.EpisodeCutGetPayload<{ include: typeof withEpisode }>;

/** What a run of this kind is to make. Null: its episode is gone. */
export const findCut = (db: Db, runId: string): Promise<CutRow | null> =>
  db.episodeCut.findUnique({ where: { runId }, include: withEpisode });

/** The cut of an episode that was asked for last, where it is not what listeners get already. */
export async function pendingCut(db: Db, { id, revision }: { id: string; revision: number }) {
  const cut = await db.episodeCut.findFirst({
    where: { episodeId: id, revision: { gt: revision } },
    orderBy: { revision: "desc" },
    include: { run: { select: { status: true, percent: true, message: true, errorMessage: true } } },
  });
  if (cut === null) return null;
  const { runId, startMs, endMs, run } = cut;
  return { runId, start: startMs / 1000, end: endMs / 1000, ...run };
}

/** Makes a cut what listeners get, in the state its episode is in. A second time changes nothing. */
export async function storeCut(tx: Tx, cut: CutRow, { audioBytes, ...audio }: EpisodeAudio): Promise<void> {
  const { revision, episodeId } = cut;
  await tx.$queryRaw`SELECT 1 FROM episode WHERE id = ${episodeId}::uuid FOR UPDATE`;
  const before = await tx.episode.findUniqueOrThrow({ where: { id: episodeId }, include: { channel: true } });
  const { count } = await tx.episode.updateMany({
    where: { id: episodeId, revision: { lt: revision } },
    data: { revision, audioBytes: BigInt(audioBytes), ...audio, audioRemovedAt: null },
  });
  if (count === 0) return;
  if (before.state === "held") {
    // The wait for a decision on the one before is over.
    await tellReview(tx, before);
    await beginReview(tx, { id: episodeId, revision }, before.channel.reviewDays);
  }
  await announce(tx, [episodeChanged(await tx.episode.findUniqueOrThrow({ where: { id: episodeId } }))]);
}
