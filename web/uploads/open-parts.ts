import { join } from "node:path";
import type { WebDeps } from "../deps.ts";
import { createFolderParts } from "./folder-parts.ts";
import type { PartStore } from "./part-store.ts";

/** S3's own least is 5 MiB. */
const leastPartBytes = 8 * 1024 ** 2;
/** S3 takes 10,000; some are left for parts of an upload that broke off. */
const mostParts = 9_000;

/** Where the settings say that uploads under way lie: in the bucket of the media where there is one, else in a folder. */
export async function openParts({ env, prisma, media }: WebDeps, lifetimeMs: number): Promise<PartStore> {
  const { S3_BUCKET, MEDIA_DIR, MAX_UPLOAD_BYTES } = env;
  if (S3_BUCKET === undefined) {
    return createFolderParts(media, { directory: join(MEDIA_DIR, "uploads"), lifetimeMs });
  }
  // Loaded when asked for, as the media store is.
  const [{ openBucket }, { createS3Parts }] = await Promise.all([
    import("#records/media/s3-client.ts"),
    import("./s3-parts.ts"),
  ]);
  const partBytes = Math.max(leastPartBytes, Math.ceil(MAX_UPLOAD_BYTES / mostParts));
  return createS3Parts({ prisma, media, bucket: openBucket(S3_BUCKET, env), lifetimeMs, partBytes });
}
