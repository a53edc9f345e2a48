import type { SyncProblem } from "#domain/calendar/sync-problem.ts";
import type { Calendar } from "#prisma/generated/client.ts";
import type { Reading } from "#records/calendars/sync.ts";

/** A kind of place that calendars come from. */
export interface CalendarSource {
  /** What the calendar lists in the window around now; null where nothing changed since the last sync. */
  read(calendar: Calendar, signal: AbortSignal): Promise<Reading | null>;
}

/** The calendar cannot be read now. `retryAfterMs`: how long its server asks to be left alone. */
export class SyncFailed extends Error {
  readonly problem: SyncProblem;
  readonly retryAfterMs: number | null;
  constructor(
    problem: SyncProblem,
    { retryAfterMs = null, ...options }: ErrorOptions & { retryAfterMs?: number | null } = {},
  ) {
    super(problem, options);
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}
