import { ApplicationFailure } from "@temporalio/common";
import { APIConnectionError, APIError } from "openai";
import { failures } from "#domain/failure.ts";
import { inertText } from "#domain/inert-text.ts";
import { failure } from "./child.ts";
import { AnswerTooLarge } from "./openai-client.ts";

const longestWaitMs = 10 * 60_000;

/** Says in our codes what went wrong in a call of the service; permanent ones are not tried again. */
export function openAiFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof AnswerTooLarge || error instanceof SyntaxError) return failure("provider_answer", error.message);
  if (error instanceof APIConnectionError) return causeOf(error);
  if (error instanceof APIError && error.status !== undefined) return ofStatus(error.status, error);
  return failure("provider_unavailable", error instanceof Error ? inertText(error.message, 200) : "");
}

// The body of an answer may fail after its head has arrived; the SDK wraps what our own reading says.
function causeOf(error: APIConnectionError): ApplicationFailure {
  const { cause } = error;
  if (cause instanceof AnswerTooLarge || cause instanceof SyntaxError) return openAiFailure(cause);
  return failure("provider_unavailable", inertText(error.message, 200));
}

function ofStatus(status: number, error: APIError): ApplicationFailure {
  const said = `${status}: ${inertText(error.message.replace(/^\d+ /, ""), 200)}`;
  if (status === 401 || status === 403) return failure("key_refused", said);
  // No credit left is no matter of waiting, though it comes with the status of one.
  if (status === 429 && error.code === "insufficient_quota") return failure("key_refused", said);
  if (status === 408 || status === 409 || status === 429 || status >= 500) return tryAgain(said, error.headers);
  return failure("model_refused", said);
}

function tryAgain(said: string, headers: Headers | undefined): ApplicationFailure {
  const waitMs = waitOf(headers?.get("retry-after") ?? null);
  return ApplicationFailure.create({
    message: `${failures.provider_unavailable.words} (${said})`,
    type: "provider_unavailable",
    nonRetryable: false,
    ...(waitMs === null ? {} : { nextRetryDelay: waitMs }),
  });
}

/** Milliseconds to wait, from seconds or a date; up to a tenth more, so that many runs do not return at once. */
function waitOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  const seconds = Number(retryAfter);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now();
  if (!Number.isFinite(waitMs)) return null;
  return Math.round(Math.min(longestWaitMs, Math.max(1000, waitMs)) * (1 + Math.random() / 10));
}
