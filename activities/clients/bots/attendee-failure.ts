import type { ApplicationFailure } from "@temporalio/common";
import { inertText } from "#domain/inert-text.ts";
import { failure } from "../child.ts";
import { waitOf } from "../retry-after.ts";

/** What Attendee answered; `body` is null where it was no JSON. */
export interface AttendeeAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/**
 * Says in our codes what Attendee refused. All refusals of `create_bot` come with 400, also those that pass by waiting.
 * Source: attendee-labs/attendee `bots/bots_api_utils.py`; `bots/throttling.py` for 429.
 */
export function attendeeFailure({ status, headers, body }: AttendeeAnswer): ApplicationFailure {
  const words = wordsOf(body);
  const said = `Attendee ${status}${words === "" ? "" : `: ${words}`}`;
  if (status === 401 || status === 403) return failure("bot_key_refused", `${said}; check ATTENDEE_API_KEY`);
  if (status === 429) return failure("bot_limit", said, waitOf(headers.get("retry-after")));
  if (status !== 400) return failure("bot_provider_unavailable", said);
  if (/exceeded the maximum number of concurrent bots/i.test(words)) return failure("bot_limit", said);
  if (/error occurred while creating the bot/i.test(words)) return failure("bot_provider_unavailable", said);
  return failure("bot_refused", said);
}

/** Its words for a refusal, inert: `{"error": …}`, `{"detail": …}`, or a list of problems by field. */
function wordsOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const parts = Object.entries(body).map(([name, told]) => {
    const words = typeof told === "string" ? told : Array.isArray(told) ? told.join(" ") : JSON.stringify(told);
    return ["error", "detail", "non_field_errors"].includes(name) ? words : `${name}: ${words}`;
  });
  return inertText(parts.join("; "), 300);
}

/** Whether it knows no such bot: a 404 in its own words, not that of something on the way. */
export const isUnknownBot = (answer: AttendeeAnswer): boolean => hasSaid(answer, 404, /^bot not found$/i);

/** Whether there is no recording (yet). */
export const isWithoutRecording = (answer: AttendeeAnswer): boolean =>
  hasSaid(answer, 404, /^no recording (file )?found for bot$/i);

/** Whether a bot of the same key is at work. */
export const isKeyInUse = (answer: AttendeeAnswer): boolean =>
  hasSaid(answer, 400, /deduplication key already in use/i);

const hasSaid = ({ status, body }: AttendeeAnswer, wanted: number, words: RegExp): boolean =>
  status === wanted && words.test(wordsOf(body));
