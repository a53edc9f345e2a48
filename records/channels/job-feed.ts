import { jobStageOf } from "#domain/channels/job.ts";
import { progressOf } from "#domain/channels/events.ts";
import type { ChannelRoomEvent } from "#domain/channels/events.ts";
import { channelTopic } from "#domain/live.ts";
import { readAtOneInstant } from "../db.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { headOf } from "../live/feed.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { episodeIdOf } from "./episodes.ts";

/** For so long the end of a job is told to who comes: whose connection was lost meanwhile shows it as at work. */
const endsToldMs = 10 * 60_000;
const mostEnds = 50;

/**
 * A channel's jobs as they stand, and the feed's number of the same instant: what follows that number is all that happens
 * to them. Those that are at work as their newest `job:progress`, before them the ends of those that ended lately. For
 * those who come late, or again; the caller has checked their right.
 */
export async function presentJobEvents(
  prisma: PrismaClient,
  channelId: string,
): Promise<{ seq: number; events: ChannelRoomEvent[] }> {
  return readAtOneInstant(prisma, async (tx) => {
    const seq = await headOf(tx, channelTopic(channelId));
    const rows = await tx.run.findMany({
      where: { channelId, kind: "video", status: { in: runningStatuses.filter((status) => status !== "pending") } },
      orderBy: { id: "asc" },
    });
    // `queued` is of the database alone (D-60).
    const begun = rows.filter((row) => jobStageOf(row).stage !== "queued");
    const events = begun.map((row): ChannelRoomEvent => {
      const at = { seq, at: row.updatedAt.toISOString() };
      return {
        name: "job:progress",
        data: progressOf({ runId: row.id, ...row }, at, { ...jobStageOf(row), message: row.message }),
      };
    });
    return { seq, events: [...(await recentEnds(tx, channelId, seq)), ...events] };
  });
}

/** The oldest first. What was tried again since has not ended. */
async function recentEnds(tx: Tx, channelId: string, seq: number): Promise<ChannelRoomEvent[]> {
  const ended = await tx.run.findMany({
    where: { channelId, kind: "video", finishedAt: { gte: new Date(Date.now() - endsToldMs) } },
    orderBy: { finishedAt: "desc" },
    take: mostEnds,
  });
  const ids = ended.flatMap(({ conversationId }) => (conversationId === null ? [] : [episodeIdOf(conversationId)]));
  const episodes = await tx.episode.findMany({ where: { id: { in: ids } }, select: { id: true, state: true } });
  const stateOf = new Map(episodes.map(({ id, state }) => [id, state]));
  return ended.toReversed().flatMap((run): ChannelRoomEvent[] => {
    const { id: jobId, conversationId, attempt, backfillId } = run;
    const ofBackfill = backfillId === null ? {} : { backfillId };
    if (run.status !== "completed") {
      const error = run.errorMessage ?? "It was cancelled.";
      const { stage } = jobStageOf(run);
      return [{ name: "job:failed", data: { jobId, error, stage, seq, attempt, ...ofBackfill } }];
    }
    const episodeId = episodeIdOf(conversationId ?? "");
    const state = stateOf.get(episodeId);
    if (state === undefined) return [];
    const published = state === "published";
    return [{ name: "job:completed", data: { jobId, episodeId, published, seq, ...ofBackfill } }];
  });
}
