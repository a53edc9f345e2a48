import { randomBytes } from "node:crypto";
import { sourceKindOf } from "#domain/channels/source.ts";
import { cleanLine, cut } from "#domain/text.ts";
import type { WebsubSubscription } from "#prisma/generated/client.ts";
import type { Db, PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";
import { SealBroken } from "../seal.ts";
import type { Sealer } from "../seal.ts";
import { orderCheck } from "./checks.ts";
import { noteTakenBackIn } from "./taken-back.ts";
import { deletedIn } from "./tombstones.ts";

export type Subscription = WebsubSubscription;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** A hub verifies as soon as it likes, and again where its first question was not answered. */
const [verifiedWithinMs, askedAgainWithinMs] = [dayMs, 10 * minuteMs];
/** A lease that says nothing reasonable is taken for one of these. */
const [shortestLeaseSeconds, longestLeaseSeconds] = [300, 30 * 86_400];
/** So often a hub is told that nobody listens any more; its lease ends by itself. */
const mostLeaves = 3;

const place = (id: string) => ({ table: "websub_subscription", column: "secret", id });

const newSecret = (sealer: Sealer, id: string) => {
  const secret = randomBytes(32).toString("hex");
  return { secret, sealed: sealer.seal(secret, place(id)) };
};

/** What the hub signs its pushes with; null: it was sealed with a key that is not here any more. */
export function secretOf(sealer: Sealer, { id, secret }: Subscription): string | null {
  try {
    return sealer.open(secret, place(id));
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

/** What the hub is told to sign with: another one where the key that seals has changed. */
export async function secretForHub(db: Db, sealer: Sealer, subscription: Subscription): Promise<string> {
  const known = sealer.isCurrent(subscription.secret) ? secretOf(sealer, subscription) : null;
  if (known !== null) return known;
  const { id } = subscription;
  const { secret, sealed } = newSecret(sealer, id);
  await db.websubSubscription.updateMany({ where: { id }, data: { secret: sealed } });
  return secret;
}

/** Keeps which hub tells of a channel; another hub or topic than before is another subscription. */
export async function noteHub(
  { prisma, sealer }: { prisma: PrismaClient; sealer: Sealer },
  channelId: string,
  named: { hubUrl: string; topic: string } | null,
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM channel WHERE id = ${channelId}::uuid FOR UPDATE`;
    const known = await tx.websubSubscription.findUnique({ where: { channelId } });
    if (known?.hubUrl === named?.hubUrl && known?.topic === named?.topic) return;
    if (known !== null) {
      await tx.websubSubscription.update({ where: { channelId }, data: { channelId: null, ...leaving() } });
    }
    if (named === null) return;
    const id = newId();
    const { sealed: secret } = newSecret(sealer, id);
    await tx.websubSubscription.create({
      data: { id, channelId, ...named, secret, token: randomBytes(24).toString("base64url") },
    });
  });
}

const leaving = () => ({ askAt: new Date(), asked: 0, pendingUntil: null });

/** Before its channel is deleted: its hub is told that nobody listens any more. */
export async function leaveHub(db: Db, channelId: string): Promise<void> {
  await db.websubSubscription.updateMany({ where: { channelId }, data: leaving() });
}

/** The subscriptions whose hub is to be asked now, the longest due first. */
export async function dueSubscriptions(db: Db, most: number, channelId?: string): Promise<Subscription[]> {
  await db.websubSubscription.deleteMany({ where: { channelId: null, asked: { gte: mostLeaves } } });
  return db.websubSubscription.findMany({
    where: { askAt: { lte: new Date() }, ...(channelId === undefined ? {} : { channelId }) },
    orderBy: { askAt: "asc" },
    take: most,
  });
}

/**
 * Notes that a hub is asked now, and when it is asked again if it does not grant: an hour later, then twice as long,
 * a day at most. False: somebody else has just asked it.
 */
export async function beginAsking(db: Db, { id, askAt, asked }: Subscription): Promise<boolean> {
  const now = Date.now();
  const { count } = await db.websubSubscription.updateMany({
    where: { id, askAt },
    data: {
      pendingUntil: new Date(now + verifiedWithinMs),
      askAt: new Date(now + Math.min(dayMs, hourMs * 2 ** Math.min(asked, 10))),
      asked: { increment: 1 },
    },
  });
  return count === 1;
}

export async function noteHubProblem(db: Db, id: string, words: string): Promise<void> {
  await db.websubSubscription.updateMany({ where: { id }, data: { problem: cut(cleanLine(words), 300) } });
}

export const subscriptionByToken = (db: Db, token: string) => db.websubSubscription.findUnique({ where: { token } });

/** YouTube's hub names a topic in two ways. */
const sameTopic = (topic: string) => topic.replace("/xml/feeds/", "/feeds/");

/** What a hub asks at the address that it was given. */
export interface HubQuestion {
  mode: "subscribe" | "unsubscribe" | "denied";
  topic: string;
  leaseSeconds: number | null;
  reason: string;
}

/** Whether a hub's question is answered with yes: it was asked for this, of this topic, and lately. */
export async function answerHub(
  db: Db,
  { id, channelId, topic, pendingUntil }: Subscription,
  question: HubQuestion,
): Promise<boolean> {
  const now = Date.now();
  if (sameTopic(question.topic) !== sameTopic(topic)) return false;
  if (question.mode === "denied") {
    const problem = cut(cleanLine(question.reason), 300) || "The hub denied it.";
    const data = { problem, leaseUntil: null, pendingUntil: null, askAt: new Date(now + dayMs) };
    await db.websubSubscription.updateMany({ where: { id }, data });
    return true;
  }
  const isPending = pendingUntil !== null && pendingUntil.getTime() > now;
  const isWanted = question.mode === "subscribe" ? channelId !== null : channelId === null;
  if (!isPending || !isWanted) return false;
  if (question.mode === "unsubscribe") {
    await db.websubSubscription.updateMany({ where: { id }, data: { asked: mostLeaves, leaseUntil: null } });
    return true;
  }
  const seconds = Math.min(longestLeaseSeconds, Math.max(shortestLeaseSeconds, question.leaseSeconds ?? 86_400));
  await db.websubSubscription.updateMany({
    where: { id },
    data: {
      leaseUntil: new Date(now + seconds * 1000),
      askAt: new Date(now + seconds * 600),
      pendingUntil: new Date(now + askedAgainWithinMs),
      asked: 0,
      problem: null,
    },
  });
  return true;
}

/**
 * A hub told of something new: its channel is looked at now. That items are deleted stands in the push alone at some
 * hubs, so it is taken from there. Nothing for a channel that is paused, or gone.
 */
export async function takePush(prisma: PrismaClient, { channelId }: Subscription, body: string): Promise<void> {
  if (channelId === null) return;
  await prisma.$transaction(async (tx) => {
    const channel = await tx.channel.findFirst({ where: { id: channelId, pausedAt: null } });
    if (channel === null) return;
    await noteTakenBackIn(tx, channel, deletedIn(sourceKindOf(channel), body));
    await orderCheck(tx, channelId);
  });
}
