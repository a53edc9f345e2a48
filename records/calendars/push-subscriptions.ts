import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Db, PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";
import { orderSync } from "./order-sync.ts";

export interface Channel {
  id: string;
  remoteId: string | null;
}

const hour = 60 * 60_000;
/** How long a provider has to confirm a channel; and for how long one that it refused is not asked for again. */
const unconfirmedMs = hour;
const refusedMs = 24 * hour;
/** The part of its time after which a channel is replaced, so that a failure leaves time for more tries. */
const renewedAfter = 0.6;

/** Whether a calendar needs a channel, or another one in place of an older. */
export async function isChannelDue(db: Db, calendarId: string): Promise<boolean> {
  const last = await db.calendarChannel.findFirst({ where: { calendarId }, orderBy: { id: "desc" } });
  if (last === null) return true;
  const [from, to] = [last.createdAt.getTime(), last.expiresAt.getTime()];
  return Date.now() >= from + (to - from) * renewedAfter;
}

/** Kept before the provider hears of it, since its first word may come before its answer. */
export async function openChannel(
  db: Db,
  { calendarId, accountId }: { calendarId: string; accountId: string },
): Promise<{ id: string; token: string }> {
  const [id, token] = [newId(), randomBytes(32).toString("base64url")];
  const expiresAt = new Date(Date.now() + unconfirmedMs);
  await db.calendarChannel.create({
    data: { id, calendarId, accountId, tokenHash: digest(token).toString("hex"), expiresAt },
  });
  return { id, token };
}

export async function confirmChannel(
  db: Db,
  id: string,
  { remoteId, expiresAt }: { remoteId: string; expiresAt: Date },
): Promise<void> {
  await db.calendarChannel.updateMany({ where: { id }, data: { remoteId, expiresAt } });
}

export async function refuseChannel(db: Db, id: string): Promise<void> {
  await db.calendarChannel.updateMany({ where: { id }, data: { expiresAt: new Date(Date.now() + refusedMs) } });
}

export const forgetChannel = async (db: Db, id: string) =>
  void (await db.calendarChannel.deleteMany({ where: { id } }));

const channel = { id: true, remoteId: true } as const;

export const otherChannels = (db: Db, calendarId: string, id: string): Promise<Channel[]> =>
  db.calendarChannel.findMany({ where: { calendarId, id: { not: id } }, select: channel });

/** Of an account: all channels, or those alone whose calendar is gone. */
export const channelsOf = (db: Db, accountId: string, { onlyGone }: { onlyGone: boolean }): Promise<Channel[]> =>
  db.calendarChannel.findMany({ where: { accountId, ...(onlyGone ? { calendarId: null } : {}) }, select: channel });

/**
 * A provider's hint that a calendar changed: it is read at once, unless it waits for that already. False: there is no
 * such channel, or this is not its token.
 */
export async function takeHint(prisma: PrismaClient, id: string, token: string): Promise<boolean> {
  const row = await prisma.calendarChannel.findUnique({ where: { id }, select: { tokenHash: true, calendarId: true } });
  if (!timingSafeEqual(digest(token), Buffer.from(row?.tokenHash ?? "0".repeat(64), "hex"))) return false;
  const calendarId = row?.calendarId ?? null;
  if (calendarId === null) return false;
  await prisma.$transaction(async (tx) => {
    const [idle] = await tx.$queryRaw<object[]>`
      SELECT 1 FROM calendar WHERE id = ${calendarId}::uuid AND started_at >= requested_at FOR UPDATE`;
    if (idle !== undefined) await orderSync(tx, calendarId);
  });
  return true;
}

const digest = (text: string) => createHash("sha256").update(text).digest();
