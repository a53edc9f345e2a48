import { z } from "zod";
import { holdsKeyword } from "../calendar/keyword.ts";
import { keywords } from "../calendar/preferences.ts";

const atLeastOne = (most: number, words = `Give a whole number from 1 to ${most}.`) =>
  z.int(words).min(1, words).max(most, words).nullable().default(null);
const seconds = () => atLeastOne(86_400, "Give a length from one second to 24 hours.");

/** What of a channel's source is processed by itself. A limit that is null lets all through. */
export const ChannelFilters = z
  .object({
    /** A title holds one of these, where there are any. */
    includeWords: keywords.default([]),
    /** And none of these. */
    excludeWords: keywords.default([]),
    minSeconds: seconds(),
    maxSeconds: seconds(),
    maxAgeDays: atLeastOne(36_500),
    /** As many of the source's newest items. */
    keepLast: atLeastOne(10_000),
  })
  .refine(({ minSeconds, maxSeconds }) => minSeconds === null || maxSeconds === null || minSeconds <= maxSeconds, {
    message: "The shortest duration must not be over the longest.",
    path: ["minSeconds"],
  });
export type ChannelFilters = z.infer<typeof ChannelFilters>;

/** An item of a source, as far as filters look at it. */
interface Filtered {
  title: string;
  durationSeconds: number | null;
  publishedAt: Date | null;
}

interface At {
  now: Date;
  /** How many items of its source are newer. */
  newer: number;
}

/** Whether an item is processed by itself; the reason is for people. */
export type FilterDecision = { take: true } | { take: false; reason: string };

/**
 * What a source does not say (a length, a date) keeps nothing out: a person can skip an item, but would not learn of one
 * that was left out for it.
 */
export function filterItem(item: Filtered, filters: ChannelFilters, at: At): FilterDecision {
  const reason = reasonAgainst(item, filters, at);
  return reason === null ? { take: true } : { take: false, reason };
}

function reasonAgainst(
  { title, durationSeconds, publishedAt }: Filtered,
  { includeWords, excludeWords, minSeconds, maxSeconds, maxAgeDays, keepLast }: ChannelFilters,
  { now, newer }: At,
): string | null {
  const excluded = excludeWords.find((word) => titleHolds(title, word));
  if (excluded !== undefined) return `Its title holds “${excluded}”.`;
  if (includeWords.length > 0 && !includeWords.some((word) => titleHolds(title, word))) {
    return `Its title holds none of ${includeWords.map((word) => `“${word}”`).join(", ")}.`;
  }
  if (minSeconds !== null && durationSeconds !== null && durationSeconds < minSeconds) {
    return `It is shorter than ${spoken(minSeconds)}: ${spoken(durationSeconds)}.`;
  }
  if (maxSeconds !== null && durationSeconds !== null && durationSeconds > maxSeconds) {
    return `It is longer than ${spoken(maxSeconds)}: ${spoken(durationSeconds)}.`;
  }
  const ageDays = publishedAt === null ? null : (now.getTime() - publishedAt.getTime()) / 86_400_000;
  if (maxAgeDays !== null && ageDays !== null && ageDays > maxAgeDays) {
    return `It is older than ${maxAgeDays} ${maxAgeDays === 1 ? "day" : "days"}.`;
  }
  if (keepLast !== null && newer >= keepLast) return `It is not among the newest ${keepLast}.`;
  return null;
}

/** Words as people type them: accents do not matter here, besides what never does. */
const titleHolds = (title: string, word: string) => holdsKeyword(withoutAccents(title), withoutAccents(word));

const withoutAccents = (text: string) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]+/g, "")
    .normalize("NFC");

/** `1:02:03`, or `2:03`. */
function spoken(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const twoDigits = (figure: number) => String(figure).padStart(2, "0");
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(rest)}` : `${minutes}:${twoDigits(rest)}`;
}
