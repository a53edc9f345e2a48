import { createFolderStore } from "./folder-store.ts";
import type { MediaStore } from "./media-store.ts";

/** The settings that say where media lies; both processes read them under the same names. */
export interface MediaSettings {
  MEDIA_DIR: string;
  S3_BUCKET?: string | undefined;
  S3_REGION: string;
  S3_ENDPOINT?: string | undefined;
  S3_ACCESS_KEY_ID?: string | undefined;
  S3_SECRET_ACCESS_KEY?: string | undefined;
}

/** The media store that the settings name: a bucket where there is one, else a folder. */
export async function openMediaStore(settings: MediaSettings): Promise<MediaStore> {
  const { MEDIA_DIR, S3_BUCKET, S3_REGION, S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = settings;
  if (S3_BUCKET === undefined) return createFolderStore(MEDIA_DIR);
  // Loaded when asked for: the S3 client takes tens of megabytes.
  const { createS3Store } = await import("./s3-store.ts");
  const hasKeys = S3_ACCESS_KEY_ID !== undefined && S3_SECRET_ACCESS_KEY !== undefined;
  return createS3Store({
    bucket: S3_BUCKET,
    region: S3_REGION,
    endpoint: S3_ENDPOINT,
    credentials: hasKeys ? { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: S3_SECRET_ACCESS_KEY } : undefined,
  });
}
