import { ApplicationFailure } from "@temporalio/common";
import { inertText } from "#domain/inert-text.ts";
import { failure } from "../../child.ts";
import { waitOf } from "../../retry-after.ts";

/** What Stream's SDK throws (its `StreamError`, which it does not export): Stream's own code beside HTTP's. */
interface StreamError extends Error {
  code?: unknown;
  metadata: { responseCode?: number; responseHeaders?: Headers; rateLimit?: { rateLimitReset?: Date } };
}

/** Of OpenAI's `error` message, or of Stream's in its place. */
export interface RealtimeProblem {
  type: string;
  code: string;
  message: string;
}

/** Stream's code for what does not exist, in an answer of its API; a 404 without it comes from something else. */
export const isUnknownToStream = (error: unknown): boolean => isStreamError(error) && error.code === 16;

/** Says in our codes what went wrong in a request of Stream's API. */
export function streamFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const status = isStreamError(error) ? error.metadata.responseCode : undefined;
  const said = `Stream ${status ?? "did not answer"}: ${wordsOf(error)}`;
  if (status === 401 || status === 403)
    return failure("key_refused", `${said}; check STREAM_API_KEY and STREAM_API_SECRET`);
  if (status === 429 && isStreamError(error)) return failure("provider_unavailable", said, toldWait(error));
  return failure("provider_unavailable", said);
}

/** Says in our codes why no session came to be; the SDK tells it in the words of an error, with OpenAI's beside them. */
export function joinFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const told: unknown = error instanceof Error ? Reflect.get(error, "error") : null;
  if (typeof told === "object" && told !== null) {
    const problem = problemOf(told);
    return problemFailure({ ...problem, message: problem.message || wordsOf(error) });
  }
  // The SDK's words hold the address of the connection, which says nothing to people.
  const words = wordsOf(error).replace(/^Could not connect to ".*?":? ?/, "") || "no connection";
  const status = /response: (\d{3})/.exec(words)?.[1];
  if (status === "401" || status === "403")
    return failure("key_refused", `Stream ${status}; check STREAM_API_KEY and STREAM_API_SECRET`);
  return failure("provider_unavailable", `Stream: ${words}`);
}

/** The parts of an `error` as strings, whatever came. */
export function problemOf(error: object): RealtimeProblem {
  const { type, code, message } = error as Record<string, unknown>;
  return { type: textOf(type), code: textOf(code), message: textOf(message) };
}

/** A session that ends before it is configured: what was refused stays refused, all else may pass. */
export function problemFailure({ type, code, message }: RealtimeProblem): ApplicationFailure {
  const said = `${code || type}: ${inertText(message, 200)}`.replace(/sk-[\w*-]+/g, "sk-…");
  if (/invalid_api_key|incorrect api key|insufficient_quota|exceeded your current quota/i.test(`${code} ${message}`))
    return failure("key_refused", said);
  if (type === "invalid_request_error") return failure("model_refused", said);
  return failure("provider_unavailable", said);
}

const isStreamError = (error: unknown): error is StreamError =>
  error instanceof Error && typeof Reflect.get(error, "metadata") === "object";

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

const wordsOf = (error: unknown): string => inertText(error instanceof Error ? error.message : String(error), 200);

function toldWait({ metadata }: StreamError): number | null {
  const reset = metadata.rateLimit?.rateLimitReset?.getTime() ?? NaN;
  return waitOf(metadata.responseHeaders?.get("retry-after"), reset - Date.now());
}
