import { backfillWorkflowId, isId } from "#domain/ids.ts";
import type { SourceItem } from "#domain/channels/source.ts";
import { channelTopic } from "#domain/live.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { endStage } from "../runs/run-stages.ts";
import { createRun } from "../runs/new-run.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { backfillJobs } from "./backfill-jobs.ts";
import { takeOverWords } from "./source-metadata.ts";
import { noteTakenBackIn } from "./taken-back.ts";
import { upsertVideos } from "./videos.ts";

/** Of one channel at a time; each has jobs of its own. */
const mostAtOnce = 3;
const tooMany = `This channel has ${mostAtOnce} of them at work already. Wait for one, or cancel it.`;

/** Most of a source that is read, and most pages of it. */
const mostItems = 5_000;
const mostPages = 500;

/** Orders what a channel published since a date. While one of the same date is open, it is that one. */
export async function orderBackfill(
  prisma: PrismaClient,
  { userId, channelId, since }: { userId: string; channelId: string; since: Date },
): Promise<Outcome<{ id: string }>> {
  return prisma.$transaction(async (tx) => {
    const channel = await tx.channel.findFirst({ where: { id: channelId, ...writableBy(userId) } });
    if (channel === null) return { ok: false, reason: "not_found" };
    // One at a time, so that the same order twice is one.
    await tx.$queryRaw`SELECT 1 FROM channel WHERE id = ${channelId}::uuid FOR UPDATE`;
    const earlier = await tx.backfill.findMany({
      where: { channelId },
      select: { runId: true, since: true, run: { select: { status: true } } },
    });
    const open = earlier.filter(({ run }) => runningStatuses.some((status) => status === run.status));
    const ofDate = (each: { since: Date }) => each.since.getTime() === since.getTime();
    const same = open.find(ofDate);
    if (same !== undefined) return { ok: true, id: same.runId };
    if (open.length >= mostAtOnce) return { ok: false, reason: "conflict", message: tooMany };
    const number = earlier.filter(ofDate).length + 1;
    const { workspaceId } = channel;
    const runId = await createRun(tx, {
      kind: "backfill",
      stage: "listing",
      workflowId: backfillWorkflowId(channelId, since, number),
      conversationId: null,
      channelId,
      title: `Older videos since ${since.toISOString().slice(0, 10)}`,
      ownerId: userId,
      workspaceId,
    });
    await tx.backfill.create({ data: { runId, channelId, since, number } });
    await audit(tx, { workspaceId, actorId: userId, action: "channel.backfill", subject: channelId });
    return { ok: true, id: runId };
  });
}

const withChannel = { channel: true } as const;
export type BackfillRow = Prisma.BackfillGetPayload<{ include: typeof withChannel }>;

export const findBackfill = (db: Db, runId: string) =>
  db.backfill.findUnique({ where: { runId }, include: withChannel });

/** Videos that a channel published since a date, as far as they are known. */
const since = ({ channelId, since: from }: BackfillRow) =>
  ({ channelId, publishedAt: { gte: from } }) satisfies Prisma.VideoWhereInput;

/** The next page to be read; null: the source's first. */
export const pageOf = ({ nextPages }: BackfillRow): string | null => nextPages.at(-1) ?? null;

export interface SourcePage {
  items: readonly SourceItem[];
  nextUrl: string | null;
  /** What the page says its source has taken back. */
  deleted: readonly string[];
}

/**
 * Keeps what a page listed and where to read on, in one transaction, so that whoever is killed reads one page again.
 * True: it was the last one, and how many videos there are has been told before any of them is handled.
 */
export async function keepPage(
  prisma: PrismaClient,
  backfill: BackfillRow,
  { items, nextUrl, deleted }: SourcePage,
): Promise<boolean> {
  const { runId, channelId, nextPages, itemsRead, channel } = backfill;
  const read = items.slice(0, mostItems - itemsRead);
  const wanted = read.filter(({ publishedAt }) => publishedAt !== null && publishedAt >= backfill.since);
  const isKnown = nextUrl === null || nextUrl === channel.url || nextPages.includes(nextUrl);
  const isLast = isKnown || itemsRead + read.length >= mostItems || nextPages.length + 1 >= mostPages;
  return prisma.$transaction(async (tx) => {
    await upsertVideos(tx, channelId, wanted);
    await takeOverWords(
      tx,
      channelId,
      wanted.map(({ externalId }) => externalId),
    );
    await noteTakenBackIn(tx, channel, deleted);
    await tx.backfill.update({
      where: { runId },
      data: { itemsRead: itemsRead + read.length, ...(isLast ? {} : { nextPages: [...nextPages, nextUrl] }) },
    });
    if (isLast) await beginQueueing(tx, backfill);
    return isLast;
  });
}

async function beginQueueing(tx: Tx, backfill: BackfillRow): Promise<void> {
  const { runId, channelId } = backfill;
  const totalFound = await tx.video.count({ where: { ...since(backfill), state: { not: "gone" } } });
  await tx.backfill.update({ where: { runId }, data: { totalFound } });
  await endStage(tx, { runId, stage: "listing" }, "completed", "");
  const data = { channelId, backfillId: runId, totalVideos: totalFound, since: backfill.since.toISOString() };
  await announce(tx, [{ topic: channelTopic(channelId), type: "backfill.started", data }]);
}

/** What nothing has been decided of, oldest first; what is not whole yet is for the looks at the channel. */
export const undecidedVideos = (db: Db, backfill: BackfillRow, most: number) =>
  db.video.findMany({
    where: { ...since(backfill), state: "discovered", notYet: null },
    orderBy: [{ publishedAt: "asc" }, { id: "asc" }],
    take: most,
  });

/** Notes that the last of them is in line, and tells how many really were. */
export async function completeQueueing(prisma: PrismaClient, { runId, channelId, totalFound }: BackfillRow) {
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.backfill.updateMany({
      where: { runId, queuedAt: null },
      data: { queuedAt: new Date() },
    });
    if (count === 0) return;
    await endStage(tx, { runId, stage: "queueing" }, "completed", "");
    const { inLine } = await backfillJobs(tx, runId);
    const data = { channelId, backfillId: runId, totalFound: totalFound ?? 0, totalEnqueued: inLine };
    await announce(tx, [{ topic: channelTopic(channelId), type: "backfill.completed", data }]);
  });
}

/** A channel's backfills with how far they are, newest first; the caller has checked the right to see them. */
export async function backfillsOf(db: Db, channelId: string, most = 50) {
  const rows = await db.backfill.findMany({
    where: { channelId },
    include: { run: true },
    orderBy: { runId: "desc" },
    take: most,
  });
  const views = [];
  for (const { runId: id, since: from, totalFound, run } of rows) {
    const { percent, message, cancelRequested, finishedAt, errorMessage: error } = run;
    const status = run.status as RunStatus;
    const jobs = await backfillJobs(db, id);
    views.push({ id, since: from, status, percent, message, cancelRequested, finishedAt, totalFound, ...jobs, error });
  }
  return views;
}
export type BackfillView = Awaited<ReturnType<typeof backfillsOf>>[number];

export const isBackfillOf = async (db: Db, channelId: string, runId: string): Promise<boolean> =>
  isId(runId) && (await db.backfill.count({ where: { runId, channelId } })) > 0;

const doneShownMs = 60 * 60_000;

/** Those that people are shown: what is at work, and the newest one also if it stopped, or was done within the hour. */
export const shownBackfills = async (db: Db, channelId: string): Promise<BackfillView[]> =>
  (await backfillsOf(db, channelId, 10)).filter(
    ({ status, finishedAt }, place) =>
      !isFinal(status) ||
      (place === 0 && (status !== "completed" || (finishedAt?.getTime() ?? 0) > Date.now() - doneShownMs)),
  );
