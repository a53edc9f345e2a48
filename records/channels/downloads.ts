import type { Tx } from "../db.ts";
import { mediaKeys } from "../media/media-store.ts";

/** A video's file, fetched whole and put into the media store under its conversation's `original`. */
export interface DownloadedFile {
  fileName: string;
  sha256: string;
  sizeBytes: number;
}

/** Makes a fetched file the sound of its video's conversation; once it is, it is not fetched again. */
export async function keepDownloaded(
  tx: Tx,
  video: { id: string; publishedAt: Date | null; channel: { workspaceId: string } },
  file: DownloadedFile,
): Promise<void> {
  await tx.recording.createMany({
    data: {
      id: video.id,
      workspaceId: video.channel.workspaceId,
      mediaKey: mediaKeys(video.id).original,
      recordedAt: video.publishedAt,
      recordedOffset: video.publishedAt === null ? null : 0,
      // Two items may hold the same bytes, and an upload is never taken for a video.
      dedupeKey: null,
      ...file,
    },
    skipDuplicates: true,
  });
}
