import type { SourceKind } from "#domain/channels/source.ts";
import { timing } from "#domain/timing.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { channelChanged } from "./channel-announcements.ts";

/** Between two requests, at a source that all channels share; undefined: it takes them as they come. */
export const paceOf = (source: SourceKind): number | undefined =>
  source === "youtube" ? timing.youtubePaceMs : undefined;

const firstBlockMs = 30 * 60_000;
const longestBlockMs = 8 * 3_600_000;

/** A source is open: in so many milliseconds it is one's turn. Or it is closed for all, until when and why. */
export type Passage = { waitMs: number } | Closing;
interface Closing {
  closedUntil: Date;
  reason: string;
}

/** Takes the next place at a source that lets one request be made in each `paceMs`; none while it is closed. */
export async function passGate(prisma: PrismaClient, source: SourceKind, paceMs: number): Promise<Passage> {
  await prisma.$executeRaw`INSERT INTO source_gate (source) VALUES (${source}) ON CONFLICT DO NOTHING`;
  const [taken] = await prisma.$queryRaw<{ waitMs: number }[]>`
    UPDATE source_gate SET next_at = greatest(next_at, clock_timestamp()) + ${paceMs} * interval '1 millisecond'
    WHERE source = ${source} AND (blocked_until IS NULL OR blocked_until <= clock_timestamp())
    RETURNING greatest(0, extract(epoch FROM next_at - clock_timestamp()) * 1000 - ${paceMs})::float8 AS "waitMs"`;
  return taken ?? (await closing(prisma, source)) ?? { waitMs: 0 };
}

/** Until when a source is closed for all; null while it is open. */
export async function closing(db: Db, source: SourceKind): Promise<Closing | null> {
  const [row] = await db.$queryRaw<Closing[]>`
    SELECT blocked_until AS "closedUntil", reason FROM source_gate
    WHERE source = ${source} AND blocked_until > clock_timestamp()`;
  return row ?? null;
}

/**
 * Closes a source for all: half an hour, twice as long each time in a row, eight hours at most, and no less than it
 * asked for. Of those who are refused at the same time, one closes it.
 */
export async function closeSource(
  prisma: PrismaClient,
  source: SourceKind,
  { reason, askedMs }: { reason: string; askedMs: number },
): Promise<void> {
  await prisma.$executeRaw`
    INSERT INTO source_gate (source) VALUES (${source}) ON CONFLICT DO NOTHING`;
  await prisma.$transaction(async (tx) => {
    const closed = await tx.$executeRaw`
    UPDATE source_gate SET blocks = blocks + 1, reason = ${reason}, blocked_until = clock_timestamp() + interval '1 millisecond'
      * greatest(${askedMs}::float8, least(${longestBlockMs}::float8, ${firstBlockMs}::float8 * 2 ^ least(blocks, 10)))
    WHERE source = ${source} AND (blocked_until IS NULL OR blocked_until <= clock_timestamp())`;
    if (closed > 0) await tellPages(tx, source);
  });
}

/** Something was fetched: the next closing is the first in a row again. */
export async function noteOpen(prisma: PrismaClient, source: SourceKind): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const where = { source, blocks: { gt: 0 } };
    const { count } = await tx.sourceGate.updateMany({ where, data: { blocks: 0, blockedUntil: null } });
    if (count > 0) await tellPages(tx, source);
  });
}

/** That a source was closed or opened, for the pages of channels that have jobs there. */
export async function tellPages(tx: Tx, source: SourceKind): Promise<void> {
  const where = { source, runs: { some: toFetch } };
  const channels = await tx.channel.findMany({ where, select: { id: true, workspaceId: true } });
  await announce(tx, channels.flatMap(channelChanged));
}

const toFetch = { stage: "downloading", status: { in: [...runningStatuses] } };

/** The jobs that are to fetch from a source, in the order in which they began. */
export const jobsAt = (db: Db, source: SourceKind) =>
  db.run.findMany({
    where: { ...toFetch, channel: { source } },
    select: { id: true, workflowId: true, attempt: true, message: true },
    orderBy: { id: "asc" },
  });

/** How many of the jobs that are to fetch from this source began before this one. */
export const jobsAhead = (prisma: PrismaClient, source: SourceKind, runId: string): Promise<number> =>
  prisma.run.count({ where: { ...toFetch, id: { lt: runId }, channel: { source } } });
