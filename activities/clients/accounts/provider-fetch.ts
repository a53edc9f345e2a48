import type { SyncProblem } from "#domain/calendar/sync-problem.ts";
import { SyncFailed } from "../calendar/source.ts";
import { AnswerTooLarge, cappedFetch } from "../capped-fetch.ts";
import { waitOf } from "../retry-after.ts";
import { TokenRefused } from "./account-client.ts";
import type { Bearer } from "./account-client.ts";

const answerMs = 20_000;

export interface Answer {
  status: number;
  headers: Headers;
  /** What JSON it held; undefined where it held none. */
  body: unknown;
}

/** Asks a provider's API in the name of an account. Of what is no success, only what every provider means alike is told. */
export async function providerFetch(
  url: URL,
  { accessToken, signal }: Bearer,
  { headers = {}, ...init }: Pick<RequestInit, "method" | "body"> & { headers?: Record<string, string> } = {},
): Promise<Answer> {
  const own = { accept: "application/json", ...headers, authorization: `Bearer ${accessToken}` };
  const answer = await answered(async (deadline) => {
    const response = await cappedFetch(url, { ...init, headers: own, signal: AbortSignal.any([signal, deadline]) });
    return { status: response.status, headers: response.headers, body: jsonOf(await response.text()) };
  }, signal);
  const { status } = answer;
  if (status === 401) throw new TokenRefused(`${url.host} refuses the token`);
  if (status === 429) throw failed("rate_limited", answer.headers);
  if (status >= 500) throw failed("server_error", answer.headers);
  return answer;
}

/** Does a request, with what it fails by in the words of calendars. */
export async function answered<T>(request: (deadline: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = AbortSignal.timeout(answerMs);
  try {
    return await request(deadline);
  } catch (error) {
    if (error instanceof SyncFailed) throw error;
    signal?.throwIfAborted();
    if (deadline.aborted) throw new SyncFailed("timed_out", { cause: error });
    if (error instanceof AnswerTooLarge) throw new SyncFailed("too_large", { cause: error });
    // What `fetch` fails by: no name, no connection, a redirect, an end in the middle.
    if (error instanceof TypeError) throw new SyncFailed("unreachable", { cause: error });
    throw error;
  }
}

export const failed = (problem: SyncProblem, headers: Headers) =>
  new SyncFailed(problem, { retryAfterMs: waitOf(headers.get("retry-after")) });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
