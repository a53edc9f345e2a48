import { readIcs } from "#activities/clients/calendar/ics-calendar.ts";
import type { IcsOptions } from "#activities/clients/calendar/ics-calendar.ts";

export const bytesOf = (text: string) => new TextEncoder().encode(text);

export const calendarText = (...lines: string[]) =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");

/** One event's lines; the UID and the time stamp are given. */
export const eventLines = (...lines: string[]) => [
  "BEGIN:VEVENT",
  ...(lines.some((line) => line.startsWith("UID")) ? [] : ["UID:1@calendar.example"]),
  "DTSTAMP:20260101T000000Z",
  ...lines,
  "END:VEVENT",
];

export const autumn = { from: Date.parse("2026-10-01T00:00:00Z"), to: Date.parse("2026-11-30T00:00:00Z") };

export const read = (text: string, options: Partial<IcsOptions> = {}) =>
  readIcs(bytesOf(text), {
    window: autumn,
    mostOccurrences: 5_000,
    timeZone: null,
    jitsiHosts: [],
    addresses: [],
    ...options,
  });

/** Reads events that stand alone in a calendar. */
export const readEvents = (...events: string[][]) => read(calendarText(...events.flat())).occurrences;

/** The starts of the occurrences, to the minute. */
export const starts = (...events: string[][]) =>
  readEvents(...events).map(({ startsAt }) => startsAt.toISOString().slice(0, 16));
