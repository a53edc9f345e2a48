import { v5 } from "uuid";
import { changeOf, publicationOf, reviewEndOf, takenBackReason, undecidedWords } from "#domain/channels/publication.ts";
import type { ChannelMode, EpisodeAsk, EpisodeState, Judgement, ReviewEnd } from "#domain/channels/publication.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { Episode, Video } from "#prisma/generated/client.ts";
import { readableBy, writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { episodeChanged } from "./channel-announcements.ts";
import { beginReview, tellReview } from "./review-wait.ts";

const episodeNamespace = "6a0c7b1e-7a8d-4c52-9d0b-3f6d1f0f8a35";

/** A video's episode has an id of its own, which whoever writes it comes to. It is its item's guid in feeds, for ever. */
export const episodeIdOf = (videoId: string): string => v5(videoId, episodeNamespace);

export const shownEpisode = {
  id: true,
  channelId: true,
  videoId: true,
  revision: true,
  state: true,
  title: true,
  description: true,
  audioType: true,
  audioBytes: true,
  durationMs: true,
  reason: true,
  originalDate: true,
  publishedAt: true,
  createdAt: true,
  reviewUntil: true,
  audioRemovedAt: true,
  channel: { select: { reviewThen: true } },
  video: { select: { state: true } },
} satisfies Prisma.EpisodeSelect;

/** An episode as pages and API show it. */
export function episodeView({
  audioBytes,
  durationMs,
  reviewUntil,
  channel,
  video,
  ...row
}: Prisma.EpisodeGetPayload<{ select: typeof shownEpisode }>) {
  const isWaiting = row.state === "held" && reviewUntil !== null;
  return {
    ...row,
    /** Until when it waits for a person, and what becomes of it then; null: nobody decides but a person. */
    reviewUntil: isWaiting ? reviewUntil : null,
    reviewThen: isWaiting ? reviewEndOf(channel.reviewThen as ReviewEnd, video.state === "gone") : null,
    audioBytes: Number(audioBytes),
    durationSeconds: durationMs / 1000,
    published: row.state === "published",
  };
}
export type EpisodeView = ReturnType<typeof episodeView>;

interface EpisodePart {
  most: number;
  skip?: number;
  /** The last episode of the part before, of the same channel. */
  after?: string | undefined;
}

/** A part of a channel's episodes, by the day their source gives them, the newest first. */
export async function episodesOf(
  db: Db,
  { userId, channelId }: { userId: string; channelId: string },
  { most, skip = 0, after }: EpisodePart,
): Promise<EpisodeView[]> {
  const place = Prisma.sql`coalesce(original_date, created_at), created_at, id`;
  const isLater =
    after === undefined
      ? Prisma.sql`true`
      : Prisma.sql`(${place}) < (SELECT ${place} FROM episode WHERE id = ${after}::uuid AND channel_id = ${channelId}::uuid)`;
  const order = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM episode WHERE channel_id = ${channelId}::uuid AND ${isLater}
    ORDER BY coalesce(original_date, created_at) DESC, created_at DESC, id DESC OFFSET ${skip} LIMIT ${most}`;
  const where = { id: { in: order.map(({ id }) => id) }, channel: readableBy(userId) };
  const rows = await db.episode.findMany({ where, select: shownEpisode });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return order.flatMap(({ id }) => byId.get(id) ?? []).map(episodeView);
}

/** Whether a list of a channel's episodes can go on after this one. */
export const isEpisodeOf = async (db: Db, channelId: string, id: string): Promise<boolean> =>
  (await db.episode.count({ where: { id, channelId } })) > 0;

/** One episode. Null: not there, or not this person's. */
export async function episodeOf(db: Db, userId: string, id: string): Promise<EpisodeView | null> {
  const row = await db.episode.findFirst({ where: { id, channel: readableBy(userId) }, select: shownEpisode });
  return row === null ? null : episodeView(row);
}

/** Where the sound of an episode lies, published or not. Null: not there, or not this person's. */
export const episodeSound = (db: Db, userId: string, id: string) =>
  db.episode.findFirst({
    where: { id, channel: readableBy(userId) },
    select: { audioKey: true, audioType: true },
  });

/** What there is to hear of a video, as its job made it. */
export interface EpisodeAudio {
  audioKey: string;
  audioType: string;
  audioBytes: number;
  durationMs: number;
}

/**
 * Keeps a video's episode, as it goes out or is held by its channel's mode at this moment. A second writing of the same
 * changes nothing.
 */
export async function storeEpisode(
  tx: Tx,
  video: Pick<Video, "id" | "channelId" | "title" | "description" | "publishedAt" | "state">,
  { audioBytes, ...audio }: EpisodeAudio,
  judgement: Judgement | null = null,
): Promise<void> {
  const { mode, withdrawsDeleted, reviewDays } = await tx.channel.findUniqueOrThrow({ where: { id: video.channelId } });
  // It was taken back while it was made.
  const isGone = withdrawsDeleted && video.state === "gone";
  const { state, reason } = isGone
    ? { state: "held" as const, reason: takenBackReason }
    : publicationOf(mode as ChannelMode, judgement);
  const id = episodeIdOf(video.id);
  const { count } = await tx.episode.createMany({
    data: {
      id,
      channelId: video.channelId,
      videoId: video.id,
      state,
      reason,
      title: video.title,
      description: video.description,
      originalDate: video.publishedAt,
      publishedAt: state === "published" ? new Date() : null,
      audioBytes: BigInt(audioBytes),
      ...audio,
    },
    skipDuplicates: true,
  });
  if (count > 0 && state === "held") await beginReview(tx, { id, revision: 1 }, reviewDays);
}

/** Publishes, withdraws or discards an episode, and tells its channel's pages. It keeps the time of its first publication. */
export async function changeEpisode(
  prisma: PrismaClient,
  { userId, id }: { userId: string; id: string },
  ask: EpisodeAsk,
): Promise<Outcome> {
  return prisma.$transaction(async (tx) => {
    // Two who ask at once are answered in turn.
    await tx.$queryRaw`SELECT 1 FROM episode WHERE id = ${id}::uuid FOR UPDATE`;
    const where = { id, channel: writableBy(userId) };
    const found = await tx.episode.findFirst({ where, include: { channel: { select: { workspaceId: true } } } });
    if (found === null) return { ok: false, reason: "not_found" };
    return changeEpisodeIn(tx, found, { ask, actorId: userId });
  });
}

type Changeable = Episode & { channel: { workspaceId: string } };

/** The same of a row that is locked already; `actorId`: who asks, null where nobody decided in time. */
export async function changeEpisodeIn(
  tx: Tx,
  { id, revision, channelId, videoId, publishedAt, reviewUntil, channel, ...found }: Changeable,
  { ask, actorId }: { ask: EpisodeAsk; actorId: string | null },
): Promise<Outcome> {
  const change = changeOf(found.state as EpisodeState, ask);
  if (!change.ok) return { ok: false, reason: "conflict", message: change.message };
  const { state } = change;
  const published = state === "published";
  await tx.episode.update({
    where: { id },
    data: {
      state,
      reason: actorId === null ? undecidedWords : "",
      reviewUntil: null,
      publishedAt: published ? (publishedAt ?? new Date()) : publishedAt,
    },
  });
  // Its wait is over; one that ends by itself knows.
  if (reviewUntil !== null && actorId !== null) await tellReview(tx, { id, revision });
  await audit(tx, { workspaceId: channel.workspaceId, actorId, action: `episode.${ask}`, subject: id });
  await announce(tx, [episodeChanged({ id, channelId, videoId, state })]);
  return { ok: true };
}
