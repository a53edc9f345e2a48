import type { RunEvent, RunStatus } from "#domain/run.ts";
import { isFinal } from "#domain/run.ts";
import type { Tx } from "../db.ts";
import { newId } from "../ids.ts";
import type { Announcement } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import type { FinishedRun } from "../live/notifications.ts";
import { enqueue } from "../queues/outbox.ts";
import { backfillJobs } from "./backfill-jobs.ts";

/** Tells a backfill that one of its jobs is over. False: it is itself, so that nobody sums its jobs up. */
export async function hintBackfill(tx: Tx, backfillId: string): Promise<boolean> {
  const run = await tx.run.findUnique({ where: { id: backfillId }, select: { status: true } });
  if (run === null || isFinal(run.status as RunStatus)) return false;
  await enqueue(tx, {
    kind: "backfill.changed",
    payload: { backfillId },
    dedupeKey: `backfill.changed:${newId()}`,
    partitionKey: backfillId,
  });
  return true;
}

/** The one notice of a backfill, at its end; whoever cancels it knows of that. */
export async function notifyOfBackfill(tx: Tx, run: FinishedRun, event: RunEvent): Promise<Announcement[]> {
  const { id, ownerId, channelId, attempt } = run;
  if (ownerId === null || channelId === null || (event.type !== "completed" && event.type !== "failed")) return [];
  const channel = await tx.channel.findUniqueOrThrow({ where: { id: channelId }, select: { title: true } });
  return notify(
    tx,
    {
      userId: ownerId,
      dedupeKey: `run:${id}:${attempt}:${event.type}`,
      type: `backfill.${event.type}`,
      title:
        event.type === "completed"
          ? `The older videos of “${channel.title}” are in`
          : `The older videos of “${channel.title}” could not be brought in`,
      body: event.type === "completed" ? await summaryOf(tx, id) : event.error.message,
      link: `/podcasts/${channelId}`,
    },
    null,
  );
}

async function summaryOf(tx: Tx, id: string): Promise<string> {
  const { inLine, done, failed } = await backfillJobs(tx, id);
  if (inLine === 0) return "Nothing was found that had not been begun already.";
  const ended = failed === 0 ? "" : `, ${failed} failed or ${failed === 1 ? "was" : "were"} cancelled`;
  return `${done} of ${inLine} became ${inLine === 1 ? "an episode" : "episodes"}${ended}.`;
}
