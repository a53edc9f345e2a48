import { ApplicationFailure } from "@temporalio/common";
import { APIConnectionError, APIError } from "openai";
import { inertText } from "#domain/inert-text.ts";
import { AnswerTooLarge } from "./capped-fetch.ts";
import { failure } from "./child.ts";
import { waitOf } from "./retry-after.ts";

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
  if (status === 408 || status === 409 || status === 429 || status >= 500)
    return failure("provider_unavailable", said, waitOf(error.headers?.get("retry-after")));
  return failure("model_refused", said);
}
