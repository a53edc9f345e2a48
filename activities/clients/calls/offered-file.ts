import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { ApplicationFailure } from "@temporalio/common";
import { failure } from "../child.ts";
import { GuardedFetchError } from "../guarded-fetch.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";

const deadlineMs = 25 * 60_000;

interface Offered {
  /** Named by a verified webhook. */
  url: string | undefined;
  /** The provider's own server, where a person set its address. */
  providerUrl: string | undefined;
  mostBytes: number;
  /** Sent to the provider's own server alone. */
  headers?: Record<string, string> | undefined;
  signal: AbortSignal;
}

/** Fetches a file that a provider offers for a time, from the open web (https) or from the provider's own server. */
export const fetchOffered = (guardedFetch: GuardedFetch, path: string, offered: Offered): Promise<void> =>
  take(guardedFetch, offered, (body) => pipeline(body, createWriteStream(path)));

/** The same, for what is small enough to be held. */
export const readOffered = (guardedFetch: GuardedFetch, offered: Offered): Promise<string> =>
  take(guardedFetch, offered, (body) => text(Readable.from(body)));

async function take<Taken>(
  guardedFetch: GuardedFetch,
  { url = "", providerUrl, mostBytes, headers, signal }: Offered,
  use: (body: AsyncIterable<Uint8Array>) => Promise<Taken>,
): Promise<Taken> {
  const given = URL.parse(url);
  const isOwn = providerUrl !== undefined && given?.origin === new URL(providerUrl).origin;
  if (given?.protocol !== "https:" && !isOwn) throw missing("The file's address is not https");
  try {
    const limits = {
      mostBytes,
      deadlineMs,
      redirects: 0,
      signal,
      operatorUrl: providerUrl,
      ...(isOwn && headers ? { headers } : {}),
    };
    await using response = await guardedFetch(url, limits);
    // Signed addresses run out; asking again would not help.
    if (response.status === 403 || response.status === 404) throw failure("media_missing");
    if (response.status < 200 || response.status > 299) throw failure("provider_unavailable");
    return await use(response.body);
  } catch (error) {
    throw error instanceof GuardedFetchError ? failureOf(error) : error;
  }
}

const missing = (message: string) => ApplicationFailure.nonRetryable(message, "media_missing");

function failureOf({ reason, message }: GuardedFetchError) {
  if (reason === "too_large") return failure("too_large", message);
  if (reason === "refused" || reason === "redirected") return missing(`The file's address was refused: ${message}`);
  return failure("provider_unavailable", message);
}
