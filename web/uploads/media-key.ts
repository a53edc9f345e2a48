import { z } from "zod";
import { laterOriginal, mediaKeys } from "#records/media/media-store.ts";
import type { Upload } from "#prisma/generated/client.ts";

const Destination = z.object({ recordingId: z.string().optional() });

/** Where the bytes of an upload are to lie: as its own recording's, or as those of the one that waits for them. */
export function mediaKeyOf({ id, metadata }: Pick<Upload, "id" | "metadata">): string {
  const { recordingId } = Destination.parse(metadata);
  return recordingId === undefined ? mediaKeys(id).original : laterOriginal(recordingId, id);
}
