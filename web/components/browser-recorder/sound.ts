import type { RecordingStore } from "./recording-store.ts";

type Parts = Pick<RecordingStore, "put" | "part" | "starts">;

/** The bytes of one recording: they grow while it is made, and can be read again from any place. */
export interface Sound {
  append: (part: Blob) => void;
  /** Nothing more will come. */
  end: () => void;
  isEnded: () => boolean;
  size: () => number;
  /** Bytes from `offset` on, at most so many; empty where there are none. */
  read: (offset: number, mostBytes: number) => Promise<Blob>;
  /** When there is more than `offset`, or the end; after `patienceMs` in any case. */
  waitFor: (offset: number, patienceMs: number, signal: AbortSignal) => Promise<void>;
  whole: () => Promise<Blob>;
}

/** A new recording's sound, kept in the store part by part. What the store refuses stays in memory. */
export function createSound(id: string, store: Parts, starts: number[] = [], bytes = 0): Sound {
  const inMemory = new Map<number, Blob>();
  const listeners = new Set<() => void>();
  let size = bytes;
  let isEnded = false;

  const tell = () => listeners.forEach((listener) => listener());
  async function partAt(start: number): Promise<Blob> {
    const part = inMemory.get(start) ?? (await store.part(id, start));
    if (part === undefined) throw new Error("A part of the recording is no longer kept in this browser");
    return part;
  }

  async function read(offset: number, mostBytes: number): Promise<Blob> {
    const first = starts.findLastIndex((start) => start <= offset);
    const parts: Blob[] = [];
    let found = first < 0 ? 0 : (starts[first] ?? 0) - offset;
    for (let index = first; index >= 0 && index < starts.length && found < mostBytes; index += 1) {
      const part = await partAt(starts[index] ?? 0);
      parts.push(part);
      found += part.size;
    }
    const from = first < 0 ? 0 : offset - (starts[first] ?? 0);
    return new Blob(parts).slice(from, from + mostBytes);
  }

  return {
    append(part) {
      if (part.size === 0 || isEnded) return;
      const start = size;
      inMemory.set(start, part);
      starts.push(start);
      size += part.size;
      store.put(id, start, part).then(
        () => inMemory.delete(start),
        () => undefined,
      );
      tell();
    },
    end() {
      isEnded = true;
      tell();
    },
    isEnded: () => isEnded,
    size: () => size,
    read,
    whole: () => read(0, size),
    waitFor: (offset, patienceMs, signal) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          listeners.delete(look);
          signal.removeEventListener("abort", done);
          resolve();
        };
        const look = () => {
          if (size > offset || isEnded) done();
        };
        const timer = setTimeout(done, patienceMs);
        listeners.add(look);
        signal.addEventListener("abort", done);
        look();
      }),
  };
}

/** The sound that an earlier page has left; it has come to its end. */
export async function leftSound(id: string, store: Parts): Promise<Sound> {
  const starts = await store.starts(id);
  const last = starts.at(-1);
  const bytes = last === undefined ? 0 : last + ((await store.part(id, last))?.size ?? 0);
  const sound = createSound(id, store, starts, bytes);
  sound.end();
  return sound;
}
