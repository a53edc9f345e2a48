import { casual } from "chrono-node";
import type { ParsedResult } from "chrono-node";

const deadlineWord =
  /(?:\b(?:by|before|until|till|on|for|due|no later than|this|next|coming)(?: the| this| next| coming)?\s*)$/i;
const endOf = /\b(?:end of|close of) (?:the |this )?(day|business|week|month|year)\b|\b(eod|cob|eow|eom)\b/i;
const today = /\b(?:today|tonight|this (?:morning|afternoon|evening))\b/i;

/**
 * The day a sentence says something is due, as an ISO date, or null where it names none. Relative days count from
 * `spokenOn` (ISO date); the past is never due.
 */
export function dueDate(text: string, spokenOn: string): string | null {
  const reference = { instant: new Date(`${spokenOn}T12:00:00Z`), timezone: 0 };
  const days = casual.parse(text, reference, { forwardDate: true }).filter((found) => namesDay(found, text));
  const best = days.find((found) => isDeadline(found, text)) ?? days[0];
  const end = endOf.exec(text);
  if (end && !(best && isDeadline(best, text))) return endOfSpan((end[1] ?? end[2] ?? "").toLowerCase(), spokenOn);
  if (best) {
    const due = isoDate(best);
    return due >= spokenOn ? due : null;
  }
  return today.test(text) ? spokenOn : null;
}

/** Whether the sentence says a deadline in so many words ("by Friday"), not just a day. */
export function hasDeadline(text: string, spokenOn: string): boolean {
  return (
    dueDate(text, spokenOn) !== null ||
    /\b(?:asap|as soon as possible|this week|next week|this month|next month)\b/i.test(text)
  );
}

const isDeadline = (found: ParsedResult, text: string) => deadlineWord.test(text.slice(0, found.index));

// "Next week" or "in March" is no day. "sat", "sun" and "mar" are words, unless a preposition makes them dates.
function namesDay(found: ParsedResult, text: string): boolean {
  if (endOf.test(text.slice(Math.max(0, found.index - 16), found.index + found.text.length))) return false;
  if (found.text.length <= 3) return isDeadline(found, text) && /^[A-Z]/.test(found.text);
  if (/\b(?:week|month|quarter|year)s?$/i.test(found.text) && !/\d|\b(?:in|within) \w+ /i.test(found.text))
    return false;
  return found.start.isCertain("day") || found.start.isCertain("weekday");
}

function isoDate({ start }: ParsedResult): string {
  const two = (value: number | null) => String(value ?? 1).padStart(2, "0");
  return `${start.get("year")}-${two(start.get("month"))}-${two(start.get("day"))}`;
}

function endOfSpan(span: string, spokenOn: string): string {
  const day = new Date(`${spokenOn}T00:00:00Z`);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  // A week ends on Friday, as people at work say it; on a weekend that is the next one.
  if (span === "week" || span === "eow") day.setUTCDate(day.getUTCDate() + ((5 - day.getUTCDay() + 7) % 7));
  if (span === "month" || span === "eom") day.setTime(Date.UTC(year, month + 1, 0));
  if (span === "year") day.setTime(Date.UTC(year, 11, 31));
  return day.toISOString().slice(0, 10);
}
