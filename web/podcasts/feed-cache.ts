import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { weakTag } from "./send-text.ts";

interface WrittenFeed {
  etag: string;
  whole: Buffer;
  packed: Buffer;
}

interface Kept {
  version: string;
  until: number;
  feed: Promise<WrittenFeed>;
  bytes: number;
}

/** A file that went missing is noticed so much later, at the most. */
const keptMs = 5 * 60_000;
const mostBytes = 32 * 1024 * 1024;

/**
 * Feeds as they were written, since apps ask for the same again and again. One is written anew when its version is
 * another, by one request for all that wait for it.
 */
export function createFeedCache(now = Date.now) {
  const kept = new Map<string, Kept>();

  const drop = (key: string, entry: Kept) => {
    if (kept.get(key) === entry) kept.delete(key);
  };

  const makeRoom = () => {
    let bytes = [...kept.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    // The one that was asked for least lately goes first.
    for (const [key, entry] of kept) {
      if (bytes <= mostBytes) return;
      kept.delete(key);
      bytes -= entry.bytes;
    }
  };

  return function feedOf(key: string, version: string, write: () => Promise<string>): Promise<WrittenFeed> {
    const known = kept.get(key);
    kept.delete(key);
    if (known?.version === version && known.until > now()) {
      kept.set(key, known);
      return known.feed;
    }
    const entry: Kept = { version, until: now() + keptMs, feed: pack(write()), bytes: 0 };
    kept.set(key, entry);
    entry.feed.then(
      ({ whole, packed }) => {
        entry.bytes = whole.length + packed.length;
        makeRoom();
      },
      () => drop(key, entry),
    );
    return entry.feed;
  };
}

const packing = promisify(gzip);

async function pack(written: Promise<string>): Promise<WrittenFeed> {
  const whole = Buffer.from(await written);
  return { etag: weakTag(whole), whole, packed: await packing(whole) };
}
