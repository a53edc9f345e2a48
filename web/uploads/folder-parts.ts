import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FileStore } from "@tus/file-store";
import type { MediaStore } from "#records/media/media-store.ts";
import { mediaKeyOf } from "./media-key.ts";
import type { PartStore } from "./part-store.ts";
import { removeOld } from "./remove-old.ts";

/** Uploads in a folder: one file each, and beside it what tus notes of it. Web processes have to share the folder. */
export async function createFolderParts(
  media: MediaStore,
  { directory, lifetimeMs }: { directory: string; lifetimeMs: number },
): Promise<PartStore> {
  await mkdir(directory, { recursive: true });
  const pathOf = (id: string) => join(directory, id);
  return {
    tus: new FileStore({ directory, expirationPeriodInMilliseconds: lifetimeMs }),
    async arrived({ id }) {
      return (await stat(pathOf(id)).catch(ignoreMissing))?.size ?? 0;
    },
    async measure({ id, deferred, sizeBytes }) {
      const hash = createHash("sha256");
      await pipeline(createReadStream(pathOf(id), { highWaterMark: 1024 ** 2 }), hash);
      // What is there is the whole, where nobody said the length before.
      const size = deferred ? (await stat(pathOf(id))).size : Number(sizeBytes);
      return { sha256: hash.digest("hex"), sizeBytes: size };
    },
    async place(upload) {
      const mediaKey = mediaKeyOf(upload);
      const { id } = upload;
      await media.putFile(mediaKey, pathOf(id)).catch(async (error: NodeJS.ErrnoException) => {
        const isMovedAlready = error.code === "ENOENT" && (await media.size(mediaKey)) !== null;
        if (!isMovedAlready) throw error;
      });
    },
    clear: (id) => rm(`${pathOf(id)}.json`, { force: true }),
    async drop({ id }) {
      for (const path of [pathOf(id), `${pathOf(id)}.json`]) await rm(path, { force: true });
    },
    sweep: () => removeOld(directory, lifetimeMs),
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
