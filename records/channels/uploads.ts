import type { VideoDetails } from "#domain/inputs/channel.ts";
import { priorities } from "#domain/priorities.ts";
import { columnsOf, momentFrom } from "#domain/recorded.ts";
import type { Channel, Prisma } from "#prisma/generated/client.ts";
import { writableBy } from "../accounts/access.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { queueVideoIn } from "./videos.ts";

/** A file that has come whole for a channel of own files, and lies in the media store under `mediaKey`. */
export interface UploadedVideo {
  /** The video's, and its conversation's. */
  id: string;
  channelId: string;
  userId: string;
  title: string;
  fileName: string;
  mediaKey: string;
  sha256: string;
  sizeBytes: number;
  cutNote?: string | null;
  details: Partial<VideoDetails>;
}

/** The video that a file or recording is now; `isNew` is false where the channel had it already. */
export interface AddedVideo {
  videoId: string;
  jobId: string;
  isNew: boolean;
}

/** Whether a person may put files into a channel. Gives its workspace; null: not there, not theirs, or no such channel. */
const channelForUploads = (db: Db, userId: string, id: string) =>
  db.channel.findFirst({ where: { id, source: "upload", ...writableBy(userId) }, select: { workspaceId: true } });

/**
 * Makes a file that has come a video with its sound, its job and the order to start it, in one transaction. The same
 * bytes again are the video that the channel has of them. Null: the channel is gone, or no longer this person's.
 */
export async function addUploadedVideo(prisma: PrismaClient, file: UploadedVideo): Promise<AddedVideo | null> {
  const { id, channelId, userId, title, details, sha256, sizeBytes, fileName, mediaKey, cutNote = null } = file;
  return prisma.$transaction(async (tx) => {
    const recordedAt = details.recordedAt ? momentFrom(details.recordedAt).at : new Date();
    const video = { id, externalId: `file:${sha256}`, title, publishedAt: recordedAt, mediaBytes: BigInt(sizeBytes) };
    const added = await addVideo(tx, { channelId, userId }, video);
    if (added?.isNew !== true) return added;
    const { workspaceId } = await tx.channel.findUniqueOrThrow({ where: { id: channelId } });
    const { speakers: speakerCount = null, timeZone = null } = details;
    const told = { speakerCount, timeZone, cutNote, ...columnsOf(details.recordedAt) };
    await tx.recording.create({
      data: { id, workspaceId, fileName, mediaKey, sha256, sizeBytes, dedupeKey: null, ...told },
    });
    return added;
  });
}

/** Recordings of a channel's workspace that have their sound. */
const choosable = (workspaceId: string) =>
  ({ workspaceId, sizeBytes: { gt: 0 }, conversation: { kind: "recording" } }) satisfies Prisma.RecordingWhereInput;

/**
 * Makes a recording of the channel's workspace a video of the channel; its job takes a copy of the file. Null: there is
 * no such channel or recording for this person.
 */
export async function addRecordingVideo(
  prisma: PrismaClient,
  { channelId, userId, recordingId }: { channelId: string; userId: string; recordingId: string },
): Promise<AddedVideo | null> {
  return prisma.$transaction(async (tx) => {
    const channel = await channelForUploads(tx, userId, channelId);
    if (channel === null) return null;
    const recording = await tx.recording.findFirst({
      where: { id: recordingId, ...choosable(channel.workspaceId) },
      include: { conversation: { select: { title: true, createdAt: true } } },
    });
    if (recording === null) return null;
    const { sizeBytes, recordedAt, conversation } = recording;
    const publishedAt = recordedAt ?? conversation.createdAt;
    const said = { title: conversation.title, publishedAt, mediaBytes: sizeBytes, recordingId };
    return addVideo(tx, { channelId, userId }, { id: newId(), externalId: `recording:${recordingId}`, ...said });
  });
}

/** The newest recordings that can be put into a channel and are not in it. */
export const recordingsFor = (db: Db, { id, workspaceId }: Pick<Channel, "id" | "workspaceId">, most: number) =>
  db.recording.findMany({
    where: { ...choosable(workspaceId), videos: { none: { channelId: id, state: { not: "gone" } } } },
    select: { id: true, conversation: { select: { title: true } } },
    orderBy: { id: "desc" },
    take: most,
  });

type NewVideo = Pick<Prisma.VideoUncheckedCreateInput, "id" | "externalId" | "title" | "mediaBytes" | "recordingId"> & {
  id: string;
  publishedAt: Date;
};

/** What a person puts in is theirs: its run tells them, and its file counts towards their space. */
async function addVideo(
  tx: Tx,
  { channelId, userId }: { channelId: string; userId: string },
  video: NewVideo,
): Promise<AddedVideo | null> {
  // Whoever deletes the channel waits, or has done so.
  await tx.$queryRaw`SELECT 1 FROM channel WHERE id = ${channelId}::uuid FOR UPDATE`;
  const channel = await tx.channel.findFirst({ where: { id: channelId, source: "upload", ...writableBy(userId) } });
  if (channel === null) return null;
  const { externalId } = video;
  // What was deleted here may come again.
  await tx.video.deleteMany({ where: { channelId, externalId, state: "gone" } });
  const { count } = await tx.video.createMany({ data: [{ ...video, channelId }], skipDuplicates: true });
  if (count > 0) await queueVideoIn(tx, { ...channel, ownerId: userId }, video.id, { priority: priorities.upload });
  const { id: videoId } = await tx.video.findUniqueOrThrow({
    where: { channelId_externalId: { channelId, externalId } },
  });
  const { id: jobId } = await tx.run.findFirstOrThrow({ where: { conversationId: videoId }, select: { id: true } });
  return { videoId, jobId, isNew: count > 0 };
}
