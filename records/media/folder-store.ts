import { createReadStream } from "node:fs";
import { copyFile, mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import type { MediaStore } from "./media-store.ts";

/** The media store in a folder of this machine (or of a disk that web and worker share). */
export function createFolderStore(root: string): MediaStore {
  const pathOf = (key: string) => {
    const path = normalize(join(root, key));
    if (!path.startsWith(normalize(root) + sep)) throw new Error(`Media key leaves the store: ${key}`);
    return path;
  };
  // Written beside its place and renamed, so that a reader never sees half an object, also after a crash.
  const place = async (key: string, write: (temporary: string) => Promise<void>) => {
    const path = pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.part`;
    await write(temporary);
    await rename(temporary, path);
  };
  return {
    putFile: (key, path) => place(key, (temporary) => moveFile(path, temporary)),
    putText: (key, text) => place(key, (temporary) => writeFile(temporary, text)),
    async size(key) {
      return stat(pathOf(key)).then(({ size }) => size, ignoreMissing);
    },
    read: async (key, range) => createReadStream(pathOf(key), range),
    async localFile(key) {
      return { path: pathOf(key), async [Symbol.asyncDispose]() {} };
    },
    removeAll: (prefix) => rm(pathOf(prefix), { recursive: true, force: true }),
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

// A rename is free but cannot cross file systems; a temp folder often lies on another one.
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
