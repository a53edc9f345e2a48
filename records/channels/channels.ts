import { randomBytes } from "node:crypto";
import type { channelModes, channelSources } from "#domain/channels/channel.ts";
import type { ChannelFilters } from "#domain/channels/filters.ts";
import type { ReviewEnd } from "#domain/channels/publication.ts";
import { timing } from "#domain/timing.ts";
import { channelTopic, parseTopic } from "#domain/live.ts";
import type { Channel, Prisma } from "#prisma/generated/client.ts";
import { readableBy, writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import { removeConversations } from "../conversations/delete-conversation.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { againAfterDeadlock } from "../deadlock.ts";
import { newId } from "../ids.ts";
import { announce } from "../live/feed.ts";
import { enqueue } from "../queues/outbox.ts";
import { viewOf, withRole } from "./channel-view.ts";
import type { ChannelView } from "./channel-view.ts";
import { addressName, orderCheck } from "./checks.ts";
import { channelChanged, channelDeleted } from "./channel-announcements.ts";
import { leaveHub } from "./websub.ts";
import { queueVideoIn } from "./videos.ts";

/** As many as one workspace may have. */
const mostChannels = 100;

/** What a person says of a channel. */
export interface ChannelDraft {
  source: (typeof channelSources)[number];
  /** Of a feed. */
  url: string | null;
  /** Null: as its source calls itself. */
  title: string | null;
  language: string | null;
  mode: (typeof channelModes)[number];
  filters: ChannelFilters;
  /** How many of the videos that it has now are processed too. */
  startsLast: number;
}

type NewChannel = ChannelDraft & { userId: string; workspaceId: string };

/** Keeps a new channel, which is looked at at once. Null: the workspace has as many as it may. */
export const createChannel = (prisma: PrismaClient, channel: NewChannel): Promise<string | null> =>
  prisma.$transaction((tx) => createChannelIn(tx, channel));

export async function createChannelIn(
  tx: Tx,
  { userId, workspaceId, title, ...draft }: NewChannel,
): Promise<string | null> {
  const id = newId();
  // One at a time, so that the count holds.
  await tx.$queryRaw`SELECT 1 FROM workspace WHERE id = ${workspaceId}::uuid FOR UPDATE`;
  if ((await tx.channel.count({ where: { workspaceId } })) >= mostChannels) return null;
  const channel = await tx.channel.create({
    data: {
      ...draft,
      reviewDays: timing.reviewDays,
      id,
      workspaceId,
      ownerId: userId,
      title: title ?? addressName(draft.url),
      // 128 bits: nobody comes upon it by guessing.
      key: randomBytes(16).toString("base64url"),
    },
  });
  if (draft.source !== "upload") await orderCheck(tx, id);
  await audit(tx, { workspaceId, actorId: userId, action: "channel.add", subject: id });
  await announce(tx, channelChanged(channel));
  return id;
}

export async function channelsOf(db: Db, userId: string): Promise<ChannelView[]> {
  const rows = await db.channel.findMany({
    where: readableBy(userId),
    include: withRole(userId),
    orderBy: { id: "asc" },
  });
  return rows.map(viewOf);
}

export async function channelOf(db: Db, userId: string, id: string): Promise<ChannelView | null> {
  const row = await db.channel.findFirst({ where: { id, ...readableBy(userId) }, include: withRole(userId) });
  return row === null ? null : viewOf(row);
}

/** Asks for a check that begins from now on. False: no such channel, or one that has nothing to be looked at. */
export const requestCheck = (prisma: PrismaClient, userId: string, id: string): Promise<boolean> =>
  changing(prisma, { userId, id, source: { not: "upload" } }, (tx) => orderCheck(tx, id));

/** Changes what a person says of a channel. A new address is looked at at once. */
export const updateChannel = (
  prisma: PrismaClient,
  userId: string,
  id: string,
  {
    url,
    ...change
  }: Partial<Pick<ChannelDraft, "language" | "mode" | "filters">> & {
    url?: string;
    title?: string;
    withdrawsDeleted?: boolean;
    category?: string | null;
    author?: string | null;
    ownerEmail?: string | null;
    visibility?: string;
    reviewDays?: number;
    reviewThen?: ReviewEnd;
    keepEpisodes?: number | null;
    originalsDays?: number | null;
  },
): Promise<boolean> =>
  changing(prisma, { userId, id, ...(url === undefined ? {} : { source: "feed" }) }, async (tx) => {
    await tx.channel.update({
      where: { id },
      data: {
        ...change,
        // Another source is looked at as one that was never seen, but nothing that it holds is begun for that. A check of
        // the one before that still goes on has lost its lease, and writes nothing.
        ...(url === undefined
          ? {}
          : { url, etag: null, lastModified: null, checkedAt: null, startsLast: 0, leaseUntil: null }),
      },
    });
    if (url !== undefined) await orderCheck(tx, id);
  });

/** Stops or resumes looking at a channel; jobs that go on are left to end. */
export const pauseChannel = (prisma: PrismaClient, userId: string, id: string, paused: boolean): Promise<boolean> =>
  changing(prisma, { userId, id }, async (tx, channel) => {
    if ((channel.pausedAt !== null) === paused) return;
    await tx.channel.update({ where: { id }, data: { pausedAt: paused ? new Date() : null } });
    if (!paused && channel.source !== "upload") await orderCheck(tx, id);
  });

/** Puts a video in line because a person wants it, whatever the filters say. False: not there, or in line already. */
export async function startVideo(
  prisma: PrismaClient,
  userId: string,
  { channelId, videoId }: { channelId: string; videoId: string },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const channel = await tx.channel.findFirst({ where: { id: channelId, ...writableBy(userId) } });
    return channel === null ? false : queueVideoIn(tx, channel, videoId);
  });
}

/**
 * Deletes a channel with its jobs, transcripts and episodes. Workflows and files go through the outbox. Jobs that store
 * what they made take the same rows in other orders.
 */
export const deleteChannel = (prisma: PrismaClient, userId: string, id: string): Promise<boolean> =>
  againAfterDeadlock(() =>
    prisma.$transaction((tx) => deleteChannelIn(tx, userId, id), { timeout: 60_000, maxWait: 10_000 }),
  );

async function deleteChannelIn(tx: Tx, userId: string, id: string): Promise<boolean> {
  const channel = await tx.channel.findFirst({ where: { id, ...writableBy(userId) } });
  if (channel === null) return false;
  // Nothing is put in line from here on.
  await tx.$queryRaw`SELECT 1 FROM channel WHERE id = ${id}::uuid FOR UPDATE`;
  const where = { channelId: id, queuedAt: { not: null } };
  const videos = (await tx.video.findMany({ where, select: { id: true } })).map((video) => video.id);
  const news = await removeConversations(tx, videos);
  await leaveHub(tx, id);
  await tx.channel.delete({ where: { id } });
  await enqueue(tx, {
    kind: "channel.deleted",
    dedupeKey: `channel.deleted:${id}`,
    partitionKey: id,
    payload: { channelId: id },
  });
  await tx.liveEvent.deleteMany({ where: { topic: channelTopic(id) } });
  await tx.notification.deleteMany({ where: { link: `/podcasts/${id}` } });
  await audit(tx, { workspaceId: channel.workspaceId, actorId: userId, action: "channel.delete", subject: id });
  // Lists learn of it by the channel's change; what is open of one video has only its own topic.
  const toOpenPages = news.filter(({ topic }) => parseTopic(topic)?.kind === "conversation");
  await announce(tx, [...toOpenPages, ...channelDeleted(channel)]);
  return true;
}

async function changing(
  prisma: PrismaClient,
  { userId, id, source }: { userId: string; id: string; source?: Prisma.ChannelWhereInput["source"] },
  change: (tx: Tx, channel: Channel) => Promise<void>,
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const where = { id, ...writableBy(userId), ...(source === undefined ? {} : { source }) };
    const channel = await tx.channel.findFirst({ where });
    if (channel === null) return false;
    await change(tx, channel);
    await announce(tx, channelChanged(channel));
    return true;
  });
}
