import { Prisma } from "#prisma/generated/client.ts";
import type { Channel } from "#prisma/generated/client.ts";
import type { SourceChapters, SourceItem } from "#domain/channels/source.ts";
import { channelTopic } from "#domain/live.ts";
import { videoWorkflowId } from "#domain/ids.ts";
import { priorities } from "#domain/priorities.ts";
import type { Priority } from "#domain/priorities.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { announce } from "../live/feed.ts";
import { createRun } from "../runs/new-run.ts";
import { runningStatuses } from "../runs/run-lists.ts";
import { channelChanged } from "./channel-announcements.ts";

/** Of a channel's videos those that have no job and may have one. */
const idle = (channelId: string) =>
  ({ channelId, state: { in: ["discovered", "waiting", "skipped"] } }) satisfies Prisma.VideoWhereInput;

/** Keeps what a source holds: new items as `discovered`, changed ones with what is new of them. */
export async function upsertVideos(db: Db, channelId: string, found: readonly SourceItem[]): Promise<void> {
  if (found.length === 0) return;
  // Ids are made in order of age, the newest last, as it stands first in a source.
  const rows = JSON.stringify(found.toReversed().map((item) => ({ id: newId(), ...item })));
  await db.$executeRaw`
    INSERT INTO video (id, channel_id, external_id, title, description, published_at, duration_seconds, page_url,
                       media_url, media_type, media_bytes, image_url, is_explicit, source_chapters, not_yet, updated_at)
    SELECT id, ${channelId}::uuid, "externalId", title, description, "publishedAt", "durationSeconds", "pageUrl",
           "mediaUrl", "mediaType", "mediaBytes", "imageUrl", "isExplicit", chapters, "notYet", clock_timestamp()
    FROM jsonb_to_recordset(${rows}::jsonb) AS item(
      id uuid, "externalId" text, title text, description text, "publishedAt" timestamptz, "durationSeconds" float8,
      "pageUrl" text, "mediaUrl" text, "mediaType" text, "mediaBytes" bigint, "imageUrl" text,
      "isExplicit" boolean, chapters jsonb, "notYet" text)
    ON CONFLICT (channel_id, external_id) DO UPDATE SET
      title = EXCLUDED.title, description = EXCLUDED.description, published_at = EXCLUDED.published_at,
      duration_seconds = EXCLUDED.duration_seconds, page_url = EXCLUDED.page_url, media_url = EXCLUDED.media_url,
      media_type = EXCLUDED.media_type, media_bytes = EXCLUDED.media_bytes, image_url = EXCLUDED.image_url,
      is_explicit = EXCLUDED.is_explicit,
      source_chapters = EXCLUDED.source_chapters, not_yet = EXCLUDED.not_yet, updated_at = EXCLUDED.updated_at
    WHERE (video.title, video.description, video.published_at, video.duration_seconds, video.media_url, video.image_url,
           video.is_explicit, video.source_chapters, video.not_yet)
      IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.description, EXCLUDED.published_at, EXCLUDED.duration_seconds,
                        EXCLUDED.media_url, EXCLUDED.image_url, EXCLUDED.is_explicit, EXCLUDED.source_chapters, EXCLUDED.not_yet)`;
}

/** The chapters that a video's source names, in its list or with the file. Null: none. */
export async function sourceChaptersOf(db: Db, videoId: string): Promise<SourceChapters | null> {
  const select = { sourceChapters: true, fileChapters: true };
  const video = await db.video.findUnique({ where: { id: videoId }, select });
  return (video?.sourceChapters ?? video?.fileChapters ?? null) as unknown as SourceChapters | null;
}

/** Keeps chapters that a video's source tells of with its file alone, and not in its lists. */
export async function keepFileChapters(db: Db, videoId: string, list: SourceChapters["list"]): Promise<void> {
  const fileChapters = { url: null, list: list.map((chapter) => ({ ...chapter })) } satisfies SourceChapters;
  await db.video.updateMany({ where: { id: videoId }, data: { fileChapters } });
}

/** Of these ids of a source those that have no video yet, or one that was not whole when it was told of last. */
export async function unknownOf(db: Db, channelId: string, externalIds: readonly string[]): Promise<string[]> {
  const known = await db.video.findMany({
    where: { channelId, externalId: { in: [...externalIds] }, notYet: null },
    select: { externalId: true },
  });
  const ids = new Set(known.map(({ externalId }) => externalId));
  return externalIds.filter((id) => !ids.has(id));
}

/** A channel's videos at work at a time. */
const mostOpen = 20;
const waitingWords = "Waits until fewer of the channel's jobs are at work";

/**
 * Notes which videos are to be put in line without anybody's asking: those published since the channel was added, and
 * of what it held then as many as its owner wanted. They wait for as long as there is no room for them.
 */
export async function noteWaiting(db: Db, { id: channelId, createdAt, checkedAt, startsLast }: Channel): Promise<void> {
  const data = { state: "waiting", reason: waitingWords };
  await db.video.updateMany({
    where: {
      channelId,
      state: "discovered",
      OR: [
        // What is not whole yet comes out when it is, whatever its date says.
        { notYet: { not: null } },
        // Feeds tell seconds only.
        { publishedAt: { gt: new Date(createdAt.getTime() - 1_000) } },
        // Nobody says when it came out, but it was not there at the look before.
        ...(checkedAt === null ? [] : [{ publishedAt: null, createdAt: { gt: checkedAt } }]),
      ],
    },
    data,
  });
  if (checkedAt !== null || startsLast === 0) return;
  const last = await db.video.findMany({
    where: { channelId, state: "discovered" },
    select: { id: true },
    orderBy: [{ publishedAt: { sort: "desc", nulls: "last" } }, { id: "desc" }],
    take: startsLast,
  });
  await db.video.updateMany({ where: { id: { in: last.map(({ id }) => id) }, state: "discovered" }, data });
}

/** The videos that wait, oldest first, as many as there is room for. */
export async function videosToStart(db: Db, channelId: string) {
  // A backfill has its own measure, and keeps nothing that is new waiting.
  const own = { channelId, kind: "video", backfillId: null };
  const open = await db.run.count({ where: { ...own, status: { in: [...runningStatuses] } } });
  return db.video.findMany({
    where: { channelId, state: "waiting", notYet: null },
    orderBy: [{ publishedAt: { sort: "asc", nulls: "last" } }, { id: "asc" }],
    take: Math.max(0, mostOpen - open),
  });
}

/** How many of a channel's items are newer than each of these; those without a date count as the oldest. */
export async function newerThan(db: Db, channelId: string, publishedAt: Date | null): Promise<number> {
  if (publishedAt === null) return db.video.count({ where: { channelId, publishedAt: { not: null } } });
  return db.video.count({ where: { channelId, publishedAt: { gt: publishedAt } } });
}

/** Leaves out a video that its channel's filters do not want. */
export async function skipVideo(
  db: Db,
  id: string,
  reason: string,
  from: "waiting" | "discovered" = "waiting",
): Promise<void> {
  await db.video.updateMany({ where: { id, state: from }, data: { state: "skipped", reason } });
}

interface Ordered {
  /** The backfill that found it. */
  backfillId?: string;
  /** Left out, that of what was found at a source, or in a backfill. */
  priority?: Priority;
}

export type Startable = Pick<Channel, "id" | "workspaceId" | "ownerId" | "language">;

/**
 * Puts a video in line: its conversation, its run, the order to start it and the news are one transaction. False: it is
 * in line already, or not there; however many find it at once, one does.
 */
export async function queueVideo(
  prisma: PrismaClient,
  channel: Startable,
  videoId: string,
  by: Ordered = {},
): Promise<boolean> {
  return prisma.$transaction((tx) => queueVideoIn(tx, channel, videoId, by));
}

/** A backfill takes only what nothing has been decided of yet. */
export async function queueVideoIn(
  tx: Tx,
  channel: Startable,
  videoId: string,
  { priority, ...by }: Ordered = {},
): Promise<boolean> {
  const { count } = await tx.video.updateMany({
    where: {
      id: videoId,
      notYet: null,
      ...idle(channel.id),
      ...(by.backfillId === undefined ? {} : { state: "discovered" }),
    },
    data: { state: "queued", reason: "", queuedAt: new Date() },
  });
  if (count === 0) return false;
  const video = await tx.video.findUniqueOrThrow({ where: { id: videoId } });
  const { workspaceId, ownerId, language } = channel;
  const { id, title, publishedAt } = video;
  const shared = { title, ownerId, workspaceId };
  await tx.conversation.create({ data: { id, kind: "video", language, ...shared } });
  await createRun(tx, {
    kind: "video",
    stage: "downloading",
    workflowId: videoWorkflowId(channel.id, id),
    conversationId: id,
    channelId: channel.id,
    priority: priority ?? (by.backfillId === undefined ? priorities.channel : priorities.backfill),
    ...by,
    ...shared,
  });
  const data = { channelId: channel.id, videoId: id, title, publishedAt: publishedAt?.toISOString() ?? null, ...by };
  await announce(tx, [
    { topic: channelTopic(channel.id), type: "video.discovered", data },
    ...channelChanged({ id: channel.id, workspaceId }),
  ]);
  return true;
}

const shownVideo = {
  id: true,
  title: true,
  publishedAt: true,
  durationSeconds: true,
  state: true,
  reason: true,
  notYet: true,
  pageUrl: true,
} satisfies Prisma.VideoSelect;

export const countIdle = (db: Db, channelId: string) => db.video.count({ where: idle(channelId) });

/** What a channel's source holds that has no job, newest first. */
export async function idleVideos(db: Db, channelId: string, most: number) {
  const videos = await db.video.findMany({
    where: idle(channelId),
    select: shownVideo,
    orderBy: [{ publishedAt: { sort: "desc", nulls: "last" } }, { id: "desc" }],
    take: most,
  });
  return videos.map(({ notYet, reason, ...video }) => ({ ...video, reason: notYet ?? reason }));
}

/** What the page of a video's conversation shows of it besides; the caller has checked the right to see that. */
export const videoOf = (db: Db, id: string) =>
  db.video.findUnique({
    where: { id },
    select: {
      publishedAt: true,
      channel: { select: { id: true, title: true } },
      episode: { select: { id: true } },
    },
  });
