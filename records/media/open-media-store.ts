import { createFolderStore } from "./folder-store.ts";
import type { MediaStore } from "./media-store.ts";
import type { S3Settings } from "./s3-client.ts";

/** The settings that say where media lies. */
export interface MediaSettings extends S3Settings {
  MEDIA_DIR: string;
}

/** The media store that the settings name: a bucket where there is one, else a folder. */
export async function openMediaStore(settings: MediaSettings): Promise<MediaStore> {
  if (settings.S3_BUCKET === undefined) return createFolderStore(settings.MEDIA_DIR);
  // Loaded when asked for: the S3 client takes tens of megabytes.
  const [{ openBucket }, { createS3Store }] = await Promise.all([import("./s3-client.ts"), import("./s3-store.ts")]);
  return createS3Store(openBucket(settings.S3_BUCKET, settings));
}
