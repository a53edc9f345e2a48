import { reviewEndOf } from "#domain/channels/publication.ts";
import type { ReviewEnd } from "#domain/channels/publication.ts";
import { timing } from "#domain/timing.ts";
import type { Channel, Episode } from "#prisma/generated/client.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { changeEpisodeIn } from "./episodes.ts";
import { episodeChanged } from "./channel-announcements.ts";

/**
 * Does with a held episode what its channel says, once its time is over. Gives back until when it waits; null: it does not
 * any more, whoever decided. A second time changes nothing.
 */
export async function endReview(
  prisma: PrismaClient,
  { episodeId: id, revision }: { episodeId: string; revision: number },
): Promise<Date | null> {
  return prisma.$transaction(async (tx) => {
    // A person who decides at this moment is answered first or second.
    await tx.$queryRaw`SELECT 1 FROM episode WHERE id = ${id}::uuid FOR UPDATE`;
    const where = { id, revision, state: "held" };
    const episode = await tx.episode.findFirst({
      where,
      include: { channel: true, video: { select: { state: true } } },
    });
    if (episode === null || episode.reviewUntil === null) return null;
    if (episode.reviewUntil > new Date()) return episode.reviewUntil;
    const { channel, video } = episode;
    if (await isBeingCut(tx, id)) return postpone(tx, episode);
    const end = reviewEndOf(channel.reviewThen as ReviewEnd, video.state === "gone");
    if (end === "wait") {
      await tx.episode.update({ where: { id }, data: { reviewUntil: null } });
      await announce(tx, [episodeChanged(episode)]);
    } else {
      await changeEpisodeIn(tx, episode, { ask: end, actorId: null });
    }
    await tellOwner(tx, episode, channel, end);
    return null;
  });
}

const isBeingCut = async (tx: Tx, episodeId: string) =>
  (await tx.episodeCut.count({ where: { episodeId, run: { status: { in: [...runningStatuses] } } } })) > 0;

// Nobody wants the cut before, as long as another one is on its way.
async function postpone(tx: Tx, episode: Episode): Promise<Date> {
  const reviewUntil = new Date(Date.now() + timing.review.cutMs);
  await tx.episode.update({ where: { id: episode.id }, data: { reviewUntil } });
  await announce(tx, [episodeChanged(episode)]);
  return reviewUntil;
}

const endWords: Record<ReviewEnd, { done: string; body: string }> = {
  wait: { done: "still waits for you", body: "It stays held until you decide." },
  publish: { done: "was published", body: "Its channel publishes what nobody decided on in time." },
  discard: {
    done: "was discarded",
    body: "Its channel discards what nobody decided on in time; it can still be published.",
  },
};

// One notice a day: the time of a whole backfill ends at once.
async function tellOwner(tx: Tx, { title }: Episode, { id, ownerId }: Channel, end: ReviewEnd): Promise<void> {
  if (ownerId === null) return;
  const { done, body } = endWords[end];
  const notice = {
    userId: ownerId,
    dedupeKey: `channel:${id}:review:${end}:${new Date().toISOString().slice(0, 10)}`,
    type: "episode.undecided",
    title: `“${title}” ${done}`,
    body: `${body} The channel's page shows whether more of its episodes had their time today.`,
    link: `/podcasts/${id}`,
  };
  await announce(tx, await notify(tx, notice, null));
}
