import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ApplicationFailure } from "@temporalio/common";
import { failure } from "../child.ts";

const deadlineMs = 25 * 60_000;

/**
 * An address that a verified webhook names. Still, nothing but the open web (https) or the carrier's own server, where
 * a person set its address, is asked.
 */
export function offeredUrl(url: string | undefined, streamBaseUrl: string | undefined): string {
  const given = new URL(url ?? "about:blank");
  const isOwn = streamBaseUrl !== undefined && given.origin === new URL(streamBaseUrl).origin;
  if (given.protocol === "https:" || isOwn) return given.href;
  throw ApplicationFailure.nonRetryable("The file's address is not https", "media_missing");
}

/** Fetches a file that a carrier offers for a time, of `mostBytes` at most. Redirects are refused. */
export async function fetchOffered(
  url: string,
  path: string,
  { mostBytes, signal }: { mostBytes: number; signal: AbortSignal },
): Promise<void> {
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    redirect: "error",
  });
  // Signed addresses run out; asking again would not help.
  if (response.status === 403 || response.status === 404) throw failure("media_missing");
  if (!response.ok || response.body === null) throw failure("provider_unavailable");
  let bytes = 0;
  const cap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > mostBytes ? failure("too_large") : null, chunk);
    },
  });
  await pipeline(response.body, cap, createWriteStream(path));
}
