/** what a person reads for how far it is, by whole percent. */
export function captionAt(percent: number): string {
  if (percent < 30) return "Preparing the conversation…";
  if (percent < 70) return "Understanding the conversation…";
  if (percent < 85) return "Producing insights and tracking progress…";
  return "Finalising…";
}

/** Whole seconds since the processing began; 0 where that is not known, or lies ahead by the reader's clock. */
export const elapsedSeconds = (since: Date | null, now: Date | null): number =>
  since === null || now === null ? 0 : Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));

/** How far an attempt is. */
export interface Shown {
  attempt: number;
  percent: number;
}

/** What to show after news: never less than before, unless a person has begun a new attempt. */
export const forward = (shown: Shown, news: Shown): Shown =>
  news.attempt === shown.attempt && news.percent <= shown.percent ? shown : news;

/** the first question comes after a second, and each answer that is not final makes the next wait longer. */
export const firstPollMs = 1_000;
const growth = 1.2;
const longestPollMs = 3_000;
/** After so long without news by the feed or by asking, the page says so instead of asking on for ever. */
export const giveUpAfterMs = 5 * 60_000;

/** The wait before the next question. A-81: one that failed does not make the wait longer. */
export const nextPollMs = (waitMs: number, outcome: "unfinished" | "failed"): number =>
  outcome === "failed" ? waitMs : Math.min(longestPollMs, waitMs * growth);
