import type { ApplicationFailure } from "@temporalio/common";
import { failure } from "../child.ts";
import { waitOf } from "../retry-after.ts";
import { errorTextOf } from "./bot-api.ts";
import type { BotAnswer } from "./bot-api.ts";

/**
 * Says in our codes what Attendee refused. All refusals of `create_bot` come with 400, also those that pass by waiting.
 * Source: attendee-labs/attendee `bots/bots_api_utils.py`; `bots/throttling.py` for 429.
 */
export function attendeeFailure({ status, headers, body }: BotAnswer): ApplicationFailure {
  const words = errorTextOf(body);
  const said = `Attendee ${status}${words === "" ? "" : `: ${words}`}`;
  if (status === 401 || status === 403) return failure("bot_key_refused", `${said}; check ATTENDEE_API_KEY`);
  if (status === 429) return failure("bot_limit", said, waitOf(headers.get("retry-after")));
  if (status !== 400) return failure("bot_provider_unavailable", said);
  if (/exceeded the maximum number of concurrent bots/i.test(words)) return failure("bot_limit", said);
  if (/error occurred while creating the bot/i.test(words)) return failure("bot_provider_unavailable", said);
  return failure("bot_refused", said);
}

/** Whether it knows no such bot: a 404 in its own words, not that of something on the way. */
export const isUnknownBot = (answer: BotAnswer): boolean => hasSaid(answer, 404, /^bot not found$/i);

/** Whether there is no recording (yet). */
export const isWithoutRecording = (answer: BotAnswer): boolean =>
  hasSaid(answer, 404, /^no recording (file )?found for bot$/i);

/** Whether a bot of the same key is at work. */
export const isKeyInUse = (answer: BotAnswer): boolean => hasSaid(answer, 400, /deduplication key already in use/i);

const hasSaid = ({ status, body }: BotAnswer, wanted: number, words: RegExp): boolean =>
  status === wanted && words.test(errorTextOf(body));
