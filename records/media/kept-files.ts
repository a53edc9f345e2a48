import type { MediaStore } from "./media-store.ts";

interface Options {
  /** How long a copy that nobody uses is kept. */
  idleMs: number;
  /** Which objects are asked for again and again. */
  keeps(key: string): boolean;
}

export interface KeptFiles extends MediaStore {
  /** Removes the copies that nobody uses. */
  releaseAll(): Promise<void>;
}

interface Copy {
  file: ReturnType<MediaStore["localFile"]>;
  users: number;
  timer?: NodeJS.Timeout;
}

/**
 * A store whose local copies outlast their use by a while: work that is done in turns would else fetch the whole object
 * for each. A copy goes at once when its object is replaced or removed and nobody uses it.
 */
export function keepLocalFiles(store: MediaStore, { idleMs, keeps }: Options): KeptFiles {
  const copies = new Map<string, Copy>();

  async function drop(key: string, copy: Copy) {
    clearTimeout(copy.timer);
    if (copies.get(key) === copy) copies.delete(key);
    if (copy.users > 0) return;
    await (await copy.file)[Symbol.asyncDispose]();
  }

  const dropAll = (prefix: string) =>
    Promise.all([...copies].filter(([key]) => key.startsWith(prefix)).map(([key, copy]) => drop(key, copy)));

  async function release(key: string, copy: Copy) {
    copy.users -= 1;
    if (copy.users > 0) return;
    if (copies.get(key) !== copy) return drop(key, copy);
    copy.timer = setTimeout(() => void drop(key, copy).catch(() => undefined), idleMs);
    copy.timer.unref();
  }

  return {
    ...store,
    async putFile(key, path) {
      await store.putFile(key, path);
      await dropAll(key);
    },
    async localFile(key) {
      if (!keeps(key)) return store.localFile(key);
      const copy = copies.get(key) ?? { file: store.localFile(key), users: 0 };
      copies.set(key, copy);
      clearTimeout(copy.timer);
      copy.users += 1;
      try {
        const { path } = await copy.file;
        return { path, [Symbol.asyncDispose]: () => release(key, copy) };
      } catch (error) {
        if (copies.get(key) === copy) copies.delete(key);
        throw error;
      }
    },
    async removeAll(prefix) {
      await store.removeAll(prefix);
      await dropAll(prefix);
    },
    async releaseAll() {
      await dropAll("");
    },
  };
}
