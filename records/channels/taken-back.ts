import { takenBackReason as reason } from "#domain/channels/publication.ts";
import type { Channel } from "#prisma/generated/client.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import { channelChanged, episodeChanged } from "./channel-announcements.ts";

/**
 * Notes which items a source took back. What was not begun is not begun any more; a published episode is withdrawn
 * where the channel says so, and its owner is told. Known ones are no news.
 */
export async function noteTakenBack(
  prisma: PrismaClient,
  channel: Channel,
  externalIds: readonly string[],
): Promise<void> {
  if (externalIds.length > 0) await prisma.$transaction((tx) => noteTakenBackIn(tx, channel, externalIds));
}

export async function noteTakenBackIn(tx: Tx, channel: Channel, externalIds: readonly string[]): Promise<void> {
  const { id: channelId } = channel;
  const where = { channelId, externalId: { in: [...externalIds] }, state: { not: "gone" } };
  const videos = await tx.video.findMany({ where, select: { id: true } });
  if (videos.length === 0) return;
  const ids = videos.map(({ id }) => id);
  await tx.video.updateMany({ where: { id: { in: ids } }, data: { state: "gone", reason } });
  await announce(tx, channelChanged(channel));
  if (channel.withdrawsDeleted) await withdrawThose(tx, channel, ids);
}

/** So long a source, or a cache before it, may list what it took back. */
const listedStillMs = 24 * 60 * 60_000;

/**
 * Notes which items a source lists that it took back a while ago, as a video that was private: they are there again. What
 * became of its episode meanwhile stands.
 */
export async function noteListedAgain(
  prisma: PrismaClient,
  channel: Channel,
  externalIds: readonly string[],
): Promise<void> {
  const where = {
    channelId: channel.id,
    externalId: { in: [...externalIds] },
    state: "gone",
    updatedAt: { lt: new Date(Date.now() - listedStillMs) },
  };
  if ((await prisma.video.count({ where })) === 0) return;
  await prisma.$transaction(async (tx) => {
    const back = await tx.video.findMany({ where, select: { id: true } });
    const ids = back.map(({ id }) => id);
    // What had a job has it still.
    const withJob = await tx.conversation.findMany({ where: { id: { in: ids } }, select: { id: true } });
    const queued = withJob.map(({ id }) => id);
    const stillGone = (among: string[]) => ({ id: { in: among }, state: "gone" });
    await tx.video.updateMany({ where: stillGone(queued), data: { state: "queued", reason: "" } });
    const others = ids.filter((id) => !queued.includes(id));
    await tx.video.updateMany({ where: stillGone(others), data: { state: "discovered", reason: "" } });
    await announce(tx, channelChanged(channel));
  });
}

async function withdrawThose(tx: Tx, { id: channelId, ownerId }: Channel, videoIds: string[]): Promise<void> {
  const episodes = await tx.episode.findMany({
    where: { channelId, videoId: { in: videoIds }, state: "published" },
    select: { id: true, videoId: true, title: true },
  });
  for (const { id, videoId, title } of episodes) {
    const { count } = await tx.episode.updateMany({
      where: { id, state: "published" },
      data: { state: "withdrawn", reason },
    });
    if (count === 0) continue;
    await announce(tx, [episodeChanged({ id, channelId, videoId, state: "withdrawn" })]);
    if (ownerId === null) continue;
    const notice = {
      userId: ownerId,
      dedupeKey: `episode:${id}:taken-back`,
      type: "episode.withdrawn",
      title: `“${title}” was withdrawn`,
      body: `${reason}. It can be published again on its channel's page.`,
      link: `/podcasts/${channelId}`,
    };
    await announce(tx, await notify(tx, notice, null));
  }
}
