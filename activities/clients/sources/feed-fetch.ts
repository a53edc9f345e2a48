import { buffer } from "node:stream/consumers";
import { problemOfStatus } from "#domain/channels/source-problem.ts";
import { GuardedFetchError } from "../guarded-fetch.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";
import { waitOf } from "../retry-after.ts";
import { linkedBy } from "./link-header.ts";
import { SourceFailed } from "./source-failed.ts";
import type { KnownState } from "./types.ts";

/** Feeds of thousands of items are some 10 MB. */
const largestFeed = 20_000_000;

export interface FetchedFeed {
  body: Uint8Array;
  /** The address that answered, after redirects: what relative addresses start from. */
  url: string;
  contentType: string;
  etag: string | null;
  lastModified: string | null;
  /** WebSub's addresses, where the answer itself names them. */
  hubUrl: string | null;
  selfUrl: string | null;
  /** The page of older items. */
  nextUrl: string | null;
}

interface Options {
  /** For all of the answer, its redirects too. */
  deadlineMs: number;
  signal: AbortSignal;
}

const accepted =
  "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";

/** A feed's bytes; null where its server says that it did not change. */
export async function fetchFeed(
  guardedFetch: GuardedFetch,
  known: KnownState,
  { deadlineMs, signal }: Options,
): Promise<FetchedFeed | null> {
  try {
    await using response = await guardedFetch(known.url, {
      mostBytes: largestFeed,
      deadlineMs,
      redirects: 5,
      signal,
      headers: { accept: accepted, ...conditionsOf(known) },
    });
    const { status, headers, url } = response;
    if (status === 304) return null;
    if (status < 200 || status > 299) {
      throw new SourceFailed(problemOfStatus(status), known.url, { retryAfterMs: waitOf(headers.get("retry-after")) });
    }
    return {
      body: new Uint8Array(await buffer(response.body)),
      url,
      contentType: headers.get("content-type") ?? "",
      etag: headers.get("etag"),
      lastModified: headers.get("last-modified"),
      hubUrl: linkedBy(headers.get("link"), "hub", url),
      selfUrl: linkedBy(headers.get("link"), "self", url),
      nextUrl: linkedBy(headers.get("link"), "next", url),
    };
  } catch (error) {
    if (error instanceof GuardedFetchError) throw new SourceFailed(error.reason, known.url, { cause: error });
    throw error;
  }
}

const conditionsOf = ({ etag, lastModified }: KnownState): Record<string, string> => ({
  ...(etag === null ? {} : { "if-none-match": etag }),
  ...(lastModified === null ? {} : { "if-modified-since": lastModified }),
});
