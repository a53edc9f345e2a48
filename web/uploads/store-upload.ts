import type { VideoDetails } from "#domain/inputs/channel.ts";
import type { FileDetails } from "#domain/inputs/recording.ts";
import { addUploadedVideo } from "#records/channels/uploads.ts";
import { giveSound } from "#records/conversations/awaited-recordings.ts";
import type { GiveOutcome } from "#records/conversations/awaited-recordings.ts";
import { createRecording } from "#records/conversations/recordings.ts";
import { mediaKeys, mediaPrefix } from "#records/media/media-store.ts";
import type { WebDeps } from "../deps.ts";
import { titleOf } from "./intake.ts";

type Stores = Pick<WebDeps, "prisma" | "media">;

/** A file that has come whole, by whatever way, and what was said of it. Its recording has its id. */
export interface WholeFile {
  id: string;
  userId: string;
  workspaceId: string;
  fileName: string;
  sha256: string;
  sizeBytes: number;
  details: Partial<FileDetails>;
  cutNote?: string | null;
  allowDuplicate: boolean;
}

/** The recording that a file became, or the one that has had the same bytes all along. */
export interface StoredUpload {
  conversationId: string;
  duplicate: boolean;
}

/** Makes a file that lies in the store a recording. Where its bytes were there already, the copy goes. */
export async function storeRecording(
  { prisma, media }: Stores,
  file: WholeFile & { mediaKey: string },
): Promise<StoredUpload> {
  const { id, userId, details, ...rest } = file;
  const made = await createRecording(prisma, {
    ...rest,
    id,
    ownerId: userId,
    title: titleOf(details, file.fileName),
    language: details.language ?? null,
    speakerCount: details.speakers ?? null,
    recordedAt: details.recordedAt,
    timeZone: details.timeZone,
  });
  // Another process may have made this very file a recording meanwhile; its bytes are then the recording's.
  const isCopy = made.id !== id;
  if (isCopy) await media.removeAll(mediaPrefix(id));
  return { conversationId: made.id, duplicate: isCopy };
}

/** The same for a file on this disk. */
export const storeRecordingFile = (stores: Stores, path: string, file: WholeFile): Promise<StoredUpload> =>
  storing(stores, { id: file.id, path }, (mediaKey) => storeRecording(stores, { ...file, mediaKey }));

/** Stores a file which nobody brings again: where keeping it fails, nothing of it stays in the store. */
async function storing<Result>(
  { media }: Stores,
  { id, path }: { id: string; path: string },
  keep: (mediaKey: string) => Promise<Result>,
): Promise<Result> {
  const mediaKey = mediaKeys(id).original;
  try {
    await media.putFile(mediaKey, path);
    return await keep(mediaKey);
  } catch (error) {
    await media.removeAll(mediaPrefix(id));
    throw error;
  }
}

/** A file that has come whole for a channel of own files. Its video has its id. */
export type WholeVideo = Pick<WholeFile, "id" | "userId" | "fileName" | "sha256" | "sizeBytes" | "cutNote"> & {
  channelId: string;
  details: Partial<VideoDetails>;
};

/** Makes a file that lies in the store a channel's video. Null: the channel takes none; then, as of a copy, it goes. */
export async function storeVideo({ prisma, media }: Stores, file: WholeVideo & { mediaKey: string }) {
  const { id, details, fileName } = file;
  const added = await addUploadedVideo(prisma, { ...file, title: titleOf(details, fileName) });
  if (added?.videoId !== id) await media.removeAll(mediaPrefix(id));
  return added;
}

/** The same for a file on this disk. */
export const storeVideoFile = (stores: Stores, path: string, file: WholeVideo) =>
  storing(stores, { id: file.id, path }, (mediaKey) => storeVideo(stores, { ...file, mediaKey }));

/** Gives a recording that waits for its sound what lies in the store; where it takes none, that goes. */
export async function storeSound(
  { prisma, media }: Stores,
  id: string,
  sound: Parameters<typeof giveSound>[2],
): Promise<GiveOutcome> {
  const given = await giveSound(prisma, id, sound);
  if (given !== "given") await media.removeAll(sound.mediaKey);
  return given;
}
