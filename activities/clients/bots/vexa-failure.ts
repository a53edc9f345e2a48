import type { ApplicationFailure } from "@temporalio/common";
import { failure } from "../child.ts";
import { waitOf } from "../retry-after.ts";
import { errorTextOf } from "./bot-api.ts";
import type { BotAnswer } from "./bot-api.ts";

/**
 * Says in our codes what Vexa refused. Its 403 has three meanings, told apart by their words.
 * Sources: Vexa-ai/vexa `docs/docs/api/errors.mdx` and meeting-api's `bot_spawn/router.py`.
 */
export function vexaFailure({ status, headers, body }: BotAnswer): ApplicationFailure {
  const words = errorTextOf(body);
  const said = `Vexa ${status}${words === "" ? "" : `: ${words}`}`;
  const isFull = status === 429 || (status === 403 && /concurren|limit/i.test(words));
  if (isFull) return failure("bot_limit", said, waitOf(headers.get("retry-after")));
  if (status === 403 && words.includes("service_not_allowed")) return failure("bot_refused", said);
  if (status === 401 || status === 403) {
    return failure("bot_key_refused", `${said}; check VEXA_API_KEY, and that it may send bots`);
  }
  if (status === 400 || status === 402 || status === 422) return failure("bot_refused", said);
  return failure("bot_provider_unavailable", said);
}

/** Vexa has one bot in each meeting, whoever wants another: it comes when the one that is there has gone. */
export const roomTaken = (): ApplicationFailure => failure("bot_room_taken");

/** Whether it cannot send a bot that transcribes, but one that records. */
export const isWithoutSpeech = ({ status, body }: BotAnswer): boolean =>
  status === 503 && /transcription/i.test(errorTextOf(body));

/** Whether it knows no such meeting: a 404 in its own words, not that of something on the way. */
export const isUnknown = ({ status, body }: BotAnswer): boolean =>
  status === 404 && typeof body === "object" && body !== null && "detail" in body;
