import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sourceKindOf } from "#domain/channels/source.ts";
import { stageMessage } from "#domain/stages.ts";
import { roomLeft } from "#records/accounts/storage-quota.ts";
import type { DownloadedFile } from "#records/channels/downloads.ts";
import { keepFileChapters } from "#records/channels/videos.ts";
import type { PrismaClient } from "#records/db.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { failure } from "../clients/child.ts";
import { mediaFailure } from "../clients/sources/media-failure.ts";
import { SourceFailed } from "../clients/sources/source-failed.ts";
import type { MediaToFetch } from "../clients/sources/types.ts";
import type { Sources } from "../clients/sources/sources.ts";
import { sha256Of } from "../sha256.ts";
import { inTurnAt } from "./source-turn.ts";

export interface DownloadLimits {
  /** Most bytes of one file. */
  fileBytes: number;
  /** Most bytes that one person may keep. */
  ownerBytes: number;
}

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  scratchDir: string;
  sources: Sources;
  downloadLimits: DownloadLimits;
}

interface Fetchable {
  id: string;
  externalId: string;
  mediaUrl: string | null;
  channel: { source: string };
  /** Whose file it is to have, where it is not fetched from a network. */
  recording: { mediaKey: string; fileName: string; sizeBytes: bigint } | null;
}

interface Attended {
  runId: string;
  signal: AbortSignal;
  progress: (fraction: number, message?: string) => void;
}

/** Brings a video's file into the media store: from its address, or from the recording that it was made of. */
export async function fetchVideoFile(deps: Deps, video: Fetchable, attended: Attended): Promise<DownloadedFile> {
  const { media } = deps;
  const { id, mediaUrl, recording } = video;
  const fileName = recording?.fileName ?? (mediaUrl === null ? null : fileNameOf(mediaUrl, video));
  if (fileName === null) throw failure("media_missing");
  const key = mediaKeys(id).original;
  // An earlier try came so far, and no further. What is in the store is whole.
  const stored = await media.size(key);
  if (stored !== null) return { fileName, sha256: await sha256Of(await media.read(key)), sizeBytes: stored };
  const file =
    recording === null
      ? await download(deps, { id, url: mediaUrl ?? "", channel: video.channel }, attended)
      : await copyOf(deps, { id, recording }, attended);
  return { fileName, ...file };
}

/** The original stays what it is, so that either can be deleted without the other. */
async function copyOf(
  { prisma, media, scratchDir, downloadLimits }: Deps,
  { id, recording: { mediaKey, sizeBytes } }: { id: string; recording: NonNullable<Fetchable["recording"]> },
  { signal }: Attended,
) {
  if ((await roomOf(prisma, id, downloadLimits)) < sizeBytes) throw failure("quota_full");
  if ((await media.size(mediaKey)) === null) throw failure("media_missing");
  const folder = join(scratchDir, "downloads", id);
  await mkdir(folder, { recursive: true });
  const path = join(folder, "copy");
  await pipeline(await media.read(mediaKey), createWriteStream(path), { signal });
  return keep({ media }, { id, path, folder });
}

/**
 * What has arrived lies in a folder of the video's until all is there, so that a later try, also of a worker started
 * anew on this machine, goes on where this one broke off.
 */
async function download(
  { prisma, media, scratchDir, sources, downloadLimits }: Deps,
  { id, url, channel }: { id: string; url: string } & Pick<Fetchable, "channel">,
  { runId, signal, progress }: Attended,
) {
  const mostBytes = await roomOf(prisma, id, downloadLimits);
  const folder = join(scratchDir, "downloads", id);
  await mkdir(folder, { recursive: true });
  const path = join(folder, "file");
  const source = sourceKindOf(channel);
  // What it waited for is over as soon as bytes arrive.
  const onProgress: MediaToFetch["onProgress"] = ({ bytes: arrived, totalBytes }) =>
    progress(totalBytes ? arrived / totalBytes : 0, stageMessage.downloading);
  const toFetch = { url, into: path, mostBytes, signal, onProgress };
  const fetchMedia = () => sources[source].fetchMedia(toFetch);
  const { chapters = [] } = await inTurnAt({ prisma, source, runId }, signal, fetchMedia).catch((error: unknown) => {
    throw error instanceof SourceFailed ? mediaFailure(error) : error;
  });
  // What is in the store is not asked for again.
  if (chapters.length > 0) await keepFileChapters(prisma, id, chapters);
  return keep({ media }, { id, path, folder });
}

/** Moves a whole file of a folder into the store. */
async function keep(
  { media }: Pick<Deps, "media">,
  { id, path, folder }: { id: string; path: string; folder: string },
): Promise<Omit<DownloadedFile, "fileName">> {
  const sha256 = await sha256Of(createReadStream(path));
  const { size: sizeBytes } = await stat(path);
  await media.putFile(mediaKeys(id).original, path);
  await rm(folder, { recursive: true, force: true });
  return { sha256, sizeBytes };
}

/** Bytes that a video's file may have, as far as whoever it counts for has room. */
async function roomOf(prisma: PrismaClient, id: string, limits: DownloadLimits) {
  const conversation = await prisma.conversation.findUnique({ where: { id }, select: { ownerId: true } });
  const ownerId = conversation?.ownerId ?? null;
  const left =
    ownerId === null ? Math.min(limits.fileBytes, limits.ownerBytes) : await roomLeft(prisma, ownerId, limits);
  if (left <= 0) throw failure("quota_full");
  return left;
}

function fileNameOf(url: string, { channel, externalId }: Fetchable): string {
  // Its address has the same path as every other.
  if (channel.source === "youtube") return externalId;
  const name = basename(new URL(url).pathname).slice(-200);
  return name === "" ? "video" : name;
}

/** Removes what was fetched in part and then given up, or waited for in vain. */
export async function sweepDownloads(scratchDir: string, before: Date): Promise<void> {
  const folder = join(scratchDir, "downloads");
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const { mtime } = await stat(path);
    if (mtime < before) await rm(path, { recursive: true, force: true });
  }
}
