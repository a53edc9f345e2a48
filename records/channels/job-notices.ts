import { channelTopic } from "#domain/live.ts";
import type { RunEvent } from "#domain/run.ts";
import type { Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import type { FinishedRun } from "../live/notifications.ts";
import { hintBackfill } from "./backfill-notices.ts";
import { episodeIdOf } from "./episodes.ts";

/**
 * What is told of a video's job besides its run: that its episode is there, and to its owner that it failed. An episode
 * that is ready is no notice: a channel brings one after another, and its page shows them.
 */
export async function notifyOfJob(tx: Tx, run: FinishedRun, event: RunEvent): Promise<Announcement[]> {
  const { channelId, conversationId: videoId, backfillId } = run;
  if (channelId === null || videoId === null) return [];
  const hasEnded = event.type === "completed" || event.type === "failed" || event.type === "cancelled";
  const goesOn = backfillId !== null && hasEnded && (await hintBackfill(tx, backfillId));
  // What its backfill tells at its end, for all of its jobs at once.
  if (event.type === "failed") return goesOn ? [] : tellOwner(tx, run, event.error.message);
  if (event.type !== "completed") return [];
  const episodeId = episodeIdOf(videoId);
  const episode = await tx.episode.findUnique({ where: { id: episodeId }, select: { state: true } });
  if (episode === null) return [];
  const published = episode.state === "published";
  const ofBackfill = backfillId === null ? {} : { backfillId };
  const data = { channelId, jobId: run.id, videoId, episodeId, published, ...ofBackfill };
  return [{ topic: channelTopic(channelId), type: "episode.ready", data }];
}

async function tellOwner(tx: Tx, { id, channelId, ownerId, title, attempt }: FinishedRun, body: string) {
  if (ownerId === null) return [];
  return notify(
    tx,
    {
      userId: ownerId,
      dedupeKey: `run:${id}:${attempt}:failed`,
      type: "run.failed",
      title: `“${title}” failed`,
      body,
      link: `/podcasts/${channelId}`,
    },
    null,
  );
}
