import type { RunEvent } from "#domain/run.ts";
import type { Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import type { FinishedRun } from "../live/notifications.ts";

/** Tells whoever asked for another cut of an episode how it ended; of one that was cancelled they know. */
export async function notifyOfCut(tx: Tx, run: FinishedRun, event: RunEvent): Promise<Announcement[]> {
  const { id, ownerId, channelId, attempt, title } = run;
  if (ownerId === null || (event.type !== "completed" && event.type !== "failed")) return [];
  const cut = await tx.episodeCut.findUnique({ where: { runId: id }, select: { episodeId: true } });
  if (cut === null) return [];
  return notify(
    tx,
    {
      userId: ownerId,
      dedupeKey: `run:${id}:${attempt}:${event.type}`,
      type: `run.${event.type}`,
      title: `The new cut of “${title}” ${event.type === "completed" ? "is ready" : "failed"}`,
      body: event.type === "failed" ? event.error.message : "",
      link: `/podcasts/${channelId}/episodes/${cut.episodeId}`,
    },
    null,
  );
}
