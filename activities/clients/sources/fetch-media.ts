import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { problemOfStatus } from "#domain/channels/source-problem.ts";
import { GuardedFetchError } from "../guarded-fetch.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";
import { waitOf } from "../retry-after.ts";
import { forgetPart, keptPart, notePart } from "./kept-part.ts";
import type { KeptPart } from "./kept-part.ts";
import { answerOf } from "./media-answer.ts";
import { SourceFailed } from "./source-failed.ts";
import type { FetchedMedia, MediaToFetch } from "./types.ts";

export interface FetchDeps {
  guardedFetch: GuardedFetch;
  /** Longest silence of the server. */
  stallMs?: number;
  deadlineMs?: number;
}

type Response = Awaited<ReturnType<GuardedFetch>>;

/**
 * Fetches an item's file to a path. What lies there from a try before, also of a process that was killed, is gone on
 * from, if the server still has the same file; else all of it is fetched.
 */
export function createFetchMedia({ guardedFetch, stallMs = 60_000, deadlineMs = 6 * 3_600_000 }: FetchDeps) {
  return async (media: MediaToFetch): Promise<FetchedMedia> => {
    const part = await keptPart(media.into, media.url);
    if (part?.isWhole) return { bytes: part.bytes, contentType: part.contentType, validator: part.validator };
    const fetched = await attempt(media, part).catch(asFailed(media.url));
    if (fetched !== null) return fetched;
    // It is another file by now, or the server does not say from where it goes on.
    await forgetPart(media.into);
    const anew = await attempt(media, null).catch(asFailed(media.url));
    if (anew === null) throw new SourceFailed("server_error", media.url);
    return anew;
  };

  /** Null: begin anew. */
  async function attempt(
    { url, into, mostBytes, signal, onProgress }: MediaToFetch,
    part: KeptPart | null,
  ): Promise<FetchedMedia | null> {
    const silence = new AbortController();
    const late = () => silence.abort(new GuardedFetchError("timed_out", `no byte for ${stallMs} ms`));
    const timer = setTimeout(late, stallMs);
    try {
      await using response = await guardedFetch(url, {
        mostBytes,
        deadlineMs,
        redirects: 5,
        signal: AbortSignal.any([signal, silence.signal]),
        headers: headersFor(part),
      });
      const answer = answerOf(response, part);
      if (answer === "anew") return null;
      if (answer === "failed") throw refusal(response, url);
      if (answer === "page") throw new SourceFailed("not_media", url);
      const { from, total, validator, contentType } = answer;
      if (total !== null && total > mostBytes) throw new SourceFailed("too_large", url);
      await using file = await openAt(into, from);
      if (from === 0) await notePart(into, { url, validator, contentType, wholeBytes: null });
      const onBytes = (bytes: number) => {
        timer.refresh();
        if (bytes > mostBytes) throw new SourceFailed("too_large", url);
        onProgress({ bytes, totalBytes: total });
      };
      const bytes = await write(response, { file, from, onBytes });
      if (bytes === 0) throw new SourceFailed("empty", url);
      if (total !== null && bytes !== total) throw new GuardedFetchError("broken", `${bytes} of ${total} bytes`);
      await notePart(into, { url, validator, contentType, wholeBytes: bytes });
      return { bytes, contentType, validator };
    } finally {
      clearTimeout(timer);
    }
  }
}

// Packed on its way a file could not be gone on with, nor its length be told; and sound does not get smaller.
const headersFor = (part: KeptPart | null): Record<string, string> => ({
  accept: "audio/*, video/*;q=0.9, */*;q=0.5",
  "accept-encoding": "identity",
  ...(part?.validator ? { range: `bytes=${part.bytes}-`, "if-range": part.validator } : {}),
});

async function openAt(path: string, from: number): Promise<FileHandle> {
  if (from === 0) {
    // What was noted of the file before tells nothing of the one that begins here.
    await forgetPart(path);
    return await open(path, "w");
  }
  const file = await open(path, "r+");
  await file.truncate(from);
  return file;
}

async function write(
  { body }: Response,
  { file, from, onBytes }: { file: FileHandle; from: number; onBytes: (bytes: number) => void },
): Promise<number> {
  let at = from;
  onBytes(at);
  for await (const chunk of body) {
    onBytes(at + chunk.length);
    await file.writev([chunk], at);
    at += chunk.length;
  }
  return at;
}

function refusal({ status, headers }: Response, url: string): SourceFailed {
  const retryAfterMs = waitOf(headers.get("retry-after"));
  // What answers a request for all of it with a part, or nothing to send, does not keep to the rules.
  return new SourceFailed(status < 300 || status === 416 ? "server_error" : problemOfStatus(status), url, {
    retryAfterMs,
  });
}

const asFailed =
  (url: string) =>
  (error: unknown): never => {
    throw error instanceof GuardedFetchError ? new SourceFailed(error.reason, url, { cause: error }) : error;
  };
