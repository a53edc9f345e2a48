import { randomBytes } from "node:crypto";
import { isId } from "#domain/ids.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";
import { announce } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { channelChanged } from "./channel-announcements.ts";
import { hashToken } from "../token-hash.ts";

/** As many as one channel may have. */
const mostListeners = 200;

/** The key in a listener's address: longer than a podcast's own, which tells them apart. */
const tokenForm = /^[\w-]{43}$/;

export const isListenersKey = (key: string): boolean => tokenForm.test(key);

/** Whose podcast an address is, by the key in it: a listener's, or the podcast's own where it is open to everybody. */
export const addressedBy = (key: string) =>
  (isListenersKey(key)
    ? { listeners: { some: { tokenHash: hashToken(key) } } }
    : { key, visibility: "public" }) satisfies Prisma.ChannelWhereInput;

const shown = { id: true, name: true, createdAt: true, lastUsedAt: true } as const;

interface Asked {
  userId: string;
  channelId: string;
}

/** Who has an address of their own to a channel's podcast, for whoever may change it. */
export const listenersOf = (db: Db, { userId, channelId }: Asked) =>
  db.podcastListener.findMany({
    where: { channelId, channel: writableBy(userId) },
    select: shown,
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });

/** Makes an address for one listener. Its key is given this one time: the database keeps its hash. */
export async function addListener(
  prisma: PrismaClient,
  { userId, channelId }: Asked,
  name: string,
): Promise<Outcome<{ listener: Awaited<ReturnType<typeof listenersOf>>[number]; key: string }>> {
  const key = randomBytes(32).toString("base64url");
  return prisma.$transaction(async (tx) => {
    // One at a time, so that the count holds.
    await tx.$queryRaw`SELECT 1 FROM channel WHERE id = ${channelId}::uuid FOR UPDATE`;
    const channel = await tx.channel.findFirst({ where: { id: channelId, ...writableBy(userId) } });
    if (channel === null) return { ok: false, reason: "not_found" };
    if ((await tx.podcastListener.count({ where: { channelId } })) >= mostListeners) {
      const message = `A podcast has at most ${mostListeners} listeners' addresses. Revoke one first.`;
      return { ok: false, reason: "conflict", message };
    }
    const listener = await tx.podcastListener.create({
      data: { id: newId(), channelId, name, tokenHash: hashToken(key) },
      select: shown,
    });
    await audit(tx, {
      workspaceId: channel.workspaceId,
      actorId: userId,
      action: "listener.add",
      subject: listener.id,
    });
    await announce(tx, channelChanged(channel));
    return { ok: true, listener, key };
  });
}

/** Ends a listener's address at once. False: the channel has no such listener. */
export async function removeListener(prisma: PrismaClient, { userId, channelId }: Asked, id: string): Promise<boolean> {
  if (!isId(id)) return false;
  return prisma.$transaction(async (tx) => {
    const channel = await tx.channel.findFirst({ where: { id: channelId, ...writableBy(userId) } });
    if (channel === null) return false;
    const { count } = await tx.podcastListener.deleteMany({ where: { id, channelId } });
    if (count === 0) return false;
    await audit(tx, { workspaceId: channel.workspaceId, actorId: userId, action: "listener.remove", subject: id });
    await announce(tx, channelChanged(channel));
    return true;
  });
}

/** Keeps when an app last asked by a listener's address: to the minute, which spares a write with every request. */
export async function noteListener(db: Db, key: string): Promise<void> {
  if (!isListenersKey(key)) return;
  const now = new Date();
  const isOld = { OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: new Date(now.getTime() - 60_000) } }] };
  await db.podcastListener.updateMany({ where: { tokenHash: hashToken(key), ...isOld }, data: { lastUsedAt: now } });
}
