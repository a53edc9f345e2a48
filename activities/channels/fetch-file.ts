import { createReadStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { sourceKindOf } from "#domain/channels/source.ts";
import { bytesOwnedBy } from "#records/accounts/rate-limit.ts";
import type { DownloadedFile } from "#records/channels/downloads.ts";
import type { PrismaClient } from "#records/db.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { failure } from "../clients/child.ts";
import { mediaFailure } from "../clients/sources/media-failure.ts";
import { SourceFailed } from "../clients/sources/source-failed.ts";
import type { Sources } from "../clients/sources/sources.ts";
import { sha256Of } from "../sha256.ts";

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
  mediaUrl: string | null;
  channel: { ownerId: string | null; source: string };
}

/**
 * Fetches a video's file into the media store. What has arrived lies in a folder of the video's until all is there, so
 * that a later try, also of a worker started anew on this machine, goes on where this one broke off.
 */
export async function fetchVideoFile(
  { prisma, media, scratchDir, sources, downloadLimits }: Deps,
  { id, mediaUrl, channel }: Fetchable,
  { signal, progress }: { signal: AbortSignal; progress: (fraction: number) => void },
): Promise<DownloadedFile> {
  if (mediaUrl === null) throw failure("media_missing");
  const fileName = fileNameOf(mediaUrl);
  const key = mediaKeys(id).original;
  // An earlier try came so far, and no further. What is in the store is whole.
  const stored = await media.size(key);
  if (stored !== null) return { fileName, sha256: await sha256Of(await media.read(key)), sizeBytes: stored };
  const mostBytes = await roomOf(prisma, channel.ownerId, downloadLimits);
  const folder = join(scratchDir, "downloads", id);
  await mkdir(folder, { recursive: true });
  const path = join(folder, "file");
  const { bytes } = await sources[sourceKindOf(channel)]
    .fetchMedia({
      url: mediaUrl,
      into: path,
      mostBytes,
      signal,
      onProgress: ({ bytes: arrived, totalBytes }) => progress(totalBytes ? arrived / totalBytes : 0),
    })
    .catch((error: unknown) => {
      throw error instanceof SourceFailed ? mediaFailure(error) : error;
    });
  const sha256 = await sha256Of(createReadStream(path));
  await media.putFile(key, path);
  await rm(folder, { recursive: true, force: true });
  return { fileName, sha256, sizeBytes: bytes };
}

/** Bytes that a file may have, as far as its owner has room. */
async function roomOf(prisma: PrismaClient, ownerId: string | null, { fileBytes, ownerBytes }: DownloadLimits) {
  const left = ownerId === null ? ownerBytes : ownerBytes - (await bytesOwnedBy(prisma, ownerId));
  if (left <= 0) throw failure("quota_full");
  return Math.min(left, fileBytes);
}

function fileNameOf(url: string): string {
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
