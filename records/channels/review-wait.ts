import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../queues/outbox.ts";

interface Reviewed {
  id: string;
  revision: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** When the time to decide is over that begins now; one that ends later is not cut short. */
export const reviewEndsAt = (days: number, before = new Date(0)): Date =>
  new Date(Math.max(Date.now() + days * dayMs, before.getTime()));

/** Gives people their time to decide on an episode that is held. */
export async function beginReview(tx: Tx, { id, revision }: Reviewed, days: number): Promise<void> {
  await tx.episode.update({ where: { id }, data: { reviewUntil: reviewEndsAt(days) } });
  await tellReview(tx, { id, revision });
}

/** Lets what waits for a decision look at the episode again, or begin to. */
export const tellReview = (tx: Tx, reviewed: Reviewed): Promise<void> => order(tx, reviewed, newId());

/** Ends the waits for decisions on what is about to be deleted. */
export async function endReviewsOf(tx: Tx, videoIds: string[]): Promise<void> {
  const where = { videoId: { in: videoIds }, ...waiting };
  for (const each of await tx.episode.findMany({ where, select: { id: true, revision: true } })) {
    await tellReview(tx, each);
  }
}

const waiting = { state: "held", reviewUntil: { not: null } } as const;

/** Whether an episode waits for a decision in this revision. */
export const isUnderReview = async (db: Db, reviewed: Reviewed): Promise<boolean> =>
  (await db.episode.count({ where: { ...reviewed, ...waiting } })) > 0;

const mostOverdue = 200;

/** Begins anew what should have ended ten minutes ago: its workflow was lost, as with Temporal's data. */
export async function orderOverdueReviews(prisma: PrismaClient): Promise<void> {
  const overdue = await prisma.episode.findMany({
    where: { state: "held", reviewUntil: { lt: new Date(Date.now() - 10 * 60 * 1000) } },
    select: { id: true, revision: true },
    orderBy: { reviewUntil: "asc" },
    take: mostOverdue,
  });
  // Once an hour of each: where it is no use, rows must not pile up.
  const hour = new Date().toISOString().slice(0, 13);
  for (const each of overdue) await prisma.$transaction((tx) => order(tx, each, `overdue-${hour}`));
}

const order = (tx: Tx, { id, revision }: Reviewed, why: string): Promise<void> =>
  enqueue(tx, {
    kind: "review.changed",
    payload: { episodeId: id, revision },
    dedupeKey: `review:${id}:${revision}:${why}`,
    partitionKey: `review:${id}`,
  });
