const day = 24 * 60 * 60_000;

/** How far around now a calendar's events are kept up to date: a week back, and ahead what people plan. */
export const windowAround = (now: Date) => ({
  from: new Date(now.getTime() - 7 * day),
  to: new Date(now.getTime() + 60 * day),
});

/** How long a reading of a calendar's series holds, though the calendar did not change: the window moves on. */
const readingHoldsMs = 6 * 60 * 60_000;

export const isReadingDue = (lastRead: Date | null): boolean =>
  lastRead === null || lastRead.getTime() < Date.now() - readingHoldsMs;
