import { syncProblems } from "#domain/calendar/sync-problem.ts";

export type CalendarUnreadableCode = "not_a_calendar" | "too_large" | "too_slow" | "damaged";

/** A calendar that cannot be read as a whole; the message is for people and names the way out. */
export class CalendarUnreadable extends Error {
  readonly code: CalendarUnreadableCode;
  constructor(code: CalendarUnreadableCode, cause?: unknown) {
    super(syncProblems[code], { cause });
    this.name = "CalendarUnreadable";
    this.code = code;
  }
}
