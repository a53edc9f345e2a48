const words = {
  not_a_calendar:
    "This address does not give a calendar. Copy the address in iCal format (it often ends in .ics) from your calendar's settings.",
  too_large:
    "This calendar is too large to be read. Share one with fewer past events, or a calendar for meetings alone.",
  too_slow:
    "Reading this calendar took too long. Share one with fewer events, or end old series that repeat without end.",
  damaged:
    "This calendar's file is damaged or ends in the middle. It is read again later; if this stays, export it anew.",
};
export type CalendarUnreadableCode = keyof typeof words;

/** A calendar that cannot be read as a whole; the message is for people and names the way out. */
export class CalendarUnreadable extends Error {
  readonly code: CalendarUnreadableCode;
  constructor(code: CalendarUnreadableCode, cause?: unknown) {
    super(words[code], { cause });
    this.name = "CalendarUnreadable";
    this.code = code;
  }
}
