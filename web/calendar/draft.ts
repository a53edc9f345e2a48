import { mostCalendars } from "#records/calendars/calendars.ts";
import type { CalendarDraft } from "#records/calendars/calendars.ts";
import type { NewCalendar } from "#domain/inputs/calendar.ts";

/** What is kept of a new calendar; one without a name is called by where it comes from. */
export function draftOf(input: NewCalendar): CalendarDraft {
  const { kind, addresses } = input;
  if (kind === "ics") {
    return { kind, addresses, url: input.url, content: null, name: input.name || new URL(input.url).host };
  }
  return { kind, addresses, url: null, content: bytesOf(input.content), name: input.name || "Calendar file" };
}

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export const tooManyCalendars = `You have ${mostCalendars} calendars, which is the most. Disconnect one first.`;
