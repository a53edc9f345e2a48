import { ApplicationFailure } from "@temporalio/common";
import { APIConnectionError, APIError } from "openai";
import type OpenAI from "openai";
import { inertText } from "#domain/inert-text.ts";
import { AnswerTooLarge } from "./capped-fetch.ts";
import { failure } from "./child.ts";
import { waitOf } from "./retry-after.ts";

/** Which of the services that may be configured was asked, for what people are told. */
export interface ModelService {
  kind: "speech" | "language";
  client: OpenAI;
  model: string;
}

/** Says in our codes what went wrong in a call of the service; permanent ones are not tried again. */
export function openAiFailure(error: unknown, service: ModelService): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const told = (words: string) => `${nameOf(service)}: ${inertText(words, 300)}`;
  if (error instanceof AnswerTooLarge || error instanceof SyntaxError)
    return failure("provider_answer", told(error.message));
  if (error instanceof APIConnectionError) return causeOf(error, service, told);
  if (error instanceof APIError && error.status !== undefined) return ofStatus(error.status, error, service, told);
  return failure("provider_unavailable", told(error instanceof Error ? error.message : ""));
}

/** Such as `language service at http://localhost:11434/v1, model qwen3`. Never a key or what an address holds of one. */
export function nameOf({ kind, client, model }: ModelService): string {
  const { origin, pathname } = new URL(client.baseURL);
  return `${kind} service at ${origin}${pathname.replace(/\/$/, "")}, model ${inertText(model, 100)}`;
}

type Told = (words: string) => string;

// The body of an answer may fail after its head has arrived; the SDK wraps what our own reading says.
function causeOf(error: APIConnectionError, service: ModelService, told: Told): ApplicationFailure {
  const { cause } = error;
  if (cause instanceof AnswerTooLarge || cause instanceof SyntaxError) return openAiFailure(cause, service);
  return failure("provider_unavailable", told(error.message));
}

function ofStatus(status: number, error: APIError, { kind }: ModelService, told: Told): ApplicationFailure {
  const said = told(`${status}: ${error.message.replace(/^\d+ /, "")}`);
  if (status === 401 || status === 403) return failure("key_refused", said);
  // No credit left is no matter of waiting, though it comes with the status of one.
  if (status === 429 && error.code === "insufficient_quota") return failure("key_refused", said);
  if (status === 408 || status === 409 || status === 429 || status >= 500)
    return failure("provider_unavailable", said, waitOf(error.headers?.get("retry-after")));
  return failure(kind === "speech" ? "speech_refused" : "model_refused", said);
}
