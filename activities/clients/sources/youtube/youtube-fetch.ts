import { buffer } from "node:stream/consumers";
import { problemOfStatus } from "#domain/channels/source-problem.ts";
import { GuardedFetchError } from "../../guarded-fetch.ts";
import type { GuardedFetch } from "../../guarded-fetch.ts";
import { waitOf } from "../../retry-after.ts";
import { SourceFailed } from "../source-failed.ts";

/** Where YouTube is: its site, and Google's interface for programs. */
export interface YoutubeEndpoints {
  site: string;
  api: string;
}

/** Both are at one place where an operator says so. */
export const youtubeEndpoints = (baseUrl: string | undefined): YoutubeEndpoints => ({
  site: (baseUrl ?? "https://www.youtube.com").replace(/\/+$/, ""),
  api: `${(baseUrl ?? "https://www.googleapis.com").replace(/\/+$/, "")}/youtube/v3`,
});

const deadlineMs = 20_000;
const mostBytes = 5_000_000;

interface Asked {
  headers?: Record<string, string>;
  redirects?: number;
  signal: AbortSignal;
}

/** The text of an answer; anything but success is a `SourceFailed`. */
export async function youtubeFetch(guardedFetch: GuardedFetch, url: string, { redirects = 0, ...asked }: Asked) {
  try {
    // Whoever operates this server said where YouTube is, or we did.
    const limits = { mostBytes, deadlineMs, redirects, operatorUrl: url, ...asked };
    await using response = await guardedFetch(url, limits);
    const { status, headers } = response;
    const text = (await buffer(response.body)).toString("utf8");
    if (status >= 200 && status < 300) return { text, url: response.url };
    const retryAfterMs = waitOf(headers.get("retry-after"));
    // Beyond a key's daily quota the answer is 403 too, and says why.
    const isSpent = status === 403 && /quotaExceeded|rateLimitExceeded/.test(text);
    throw new SourceFailed(isSpent ? "rate_limited" : problemOfStatus(status), url, { retryAfterMs });
  } catch (error) {
    if (error instanceof GuardedFetchError) throw new SourceFailed(error.reason, url, { cause: error });
    throw error;
  }
}
