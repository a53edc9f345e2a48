import { isPermanent, wordsOf } from "./problems.ts";
import type { CheckProblem } from "./problems.ts";
import type { Channel } from "#prisma/generated/client.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { announce } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import { enqueue } from "../queues/outbox.ts";
import { channelChanged } from "./channel-announcements.ts";

/** A check under way. Only whoever has the channel's present lease may write how it went. */
export interface Check {
  channel: Channel;
  leaseUntil: Date;
}

/** What a source says of itself, and how to ask it for what is new. */
export interface SourceState {
  /** Where it is asked from now on. */
  url: string;
  title: string;
  description: string;
  imageUrl: string | null;
  siteUrl: string | null;
  sourceAuthor: string | null;
  sourceLanguage: string | null;
  etag: string | null;
  lastModified: string | null;
}

/** Asks for a check that begins from now on, by the database's clock. */
export async function orderCheck(tx: Tx, channelId: string): Promise<void> {
  const [row] = await tx.$queryRaw<{ at: Date }[]>`
    UPDATE channel SET requested_at = clock_timestamp() WHERE id = ${channelId}::uuid RETURNING requested_at AS at`;
  await enqueue(tx, {
    kind: "channel.check",
    payload: { channelId, requestedAt: row?.at.getTime() ?? 0 },
    dedupeKey: `channel.check:${newId()}`,
    partitionKey: channelId,
  });
}

/** Takes a channel for a check, unless it is gone, or another worker has it just now. */
export async function beginCheck(prisma: PrismaClient, id: string, leaseMs: number): Promise<Check | "gone" | "busy"> {
  const taken = await prisma.$queryRaw<{ until: Date }[]>`
    UPDATE channel SET lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond', started_at = clock_timestamp()
    WHERE id = ${id}::uuid AND (lease_until IS NULL OR lease_until < clock_timestamp())
    RETURNING lease_until AS until`;
  const channel = await prisma.channel.findUnique({ where: { id } });
  if (channel === null) return "gone";
  const [row] = taken;
  if (row === undefined) return "busy";
  await prisma.$transaction((tx) => announce(tx, channelChanged(channel)));
  return { channel, leaseUntil: row.until };
}

/** Keeps that a check went well; `state` is null where the source had nothing new. */
export async function completeCheck(
  prisma: PrismaClient,
  check: Check,
  state: SourceState | null,
  nextInMs: number,
): Promise<void> {
  const { channel } = check;
  const { title = null, ...rest } = state ?? {};
  await prisma.$transaction(async (tx) => {
    if (!(await holdsLease(tx, check))) return;
    await tx.channel.update({
      where: { id: channel.id },
      data: {
        ...rest,
        // What it is called here is a person's to change; until it was read, it is called by its address.
        ...(title !== null && channel.checkedAt === null && channel.title === addressName(channel.url)
          ? { title }
          : {}),
        leaseUntil: null,
        checkedAt: new Date(),
        nextCheckAt: new Date(Date.now() + nextInMs),
        failures: 0,
        failingSince: null,
        problem: null,
      },
    });
    await announce(tx, channelChanged(channel));
  });
}

/** What a channel is called that nobody named and whose source was not read yet. */
export function addressName(url: string | null): string {
  return url === null ? "Uploads" : new URL(url).host;
}

/** A person is told of a channel that cannot be read once it failed this often in a row. */
const failuresUntilNotice = 3;

/** Keeps why a check failed. What is known of the channel stays as it was. */
export async function failCheck(
  prisma: PrismaClient,
  check: Check,
  problem: CheckProblem,
  nextInMs: number,
): Promise<void> {
  const { channel } = check;
  await prisma.$transaction(async (tx) => {
    if (!(await holdsLease(tx, check))) return;
    const failingSince = channel.failingSince ?? new Date();
    const failures = channel.failures + 1;
    await tx.channel.update({
      where: { id: channel.id },
      data: { leaseUntil: null, nextCheckAt: new Date(Date.now() + nextInMs), failures, failingSince, problem },
    });
    const isTold = failures >= failuresUntilNotice || isPermanent(problem);
    const notice = isTold && channel.ownerId !== null ? await tellOwner(tx, channel, { problem, failingSince }) : [];
    await announce(tx, [...notice, ...channelChanged(channel)]);
  });
}

// Once for each time that it began to fail.
const tellOwner = (
  tx: Tx,
  { id, ownerId, title, url }: Channel,
  { problem, failingSince }: { problem: CheckProblem; failingSince: Date },
) =>
  notify(
    tx,
    {
      userId: ownerId ?? "",
      dedupeKey: `channel.failing:${id}:${failingSince.getTime()}`,
      type: "channel.failing",
      title: `The channel “${title}” cannot be read`,
      body: wordsOf(problem, url),
      link: `/podcasts/${id}`,
    },
    null,
  );

/** The channels whose next check is due, the longest due first. */
export async function dueChannels(db: Db, most: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM channel WHERE source <> 'upload' AND paused_at IS NULL AND next_check_at <= clock_timestamp()
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    ORDER BY next_check_at LIMIT ${most}`;
  return rows.map(({ id }) => id);
}

async function holdsLease(tx: Tx, { channel, leaseUntil }: Check): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ until: Date | null }[]>`
    SELECT lease_until AS until FROM channel WHERE id = ${channel.id}::uuid FOR UPDATE`;
  return row?.until?.getTime() === leaseUntil.getTime();
}
