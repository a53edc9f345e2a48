import { CalendarUnreadable } from "./calendar-unreadable.ts";
import { nameOf, readLine } from "./ics-lines.ts";
import type { IcsLine } from "./ics-lines.ts";

/** What a file holds, as far as it is about events: lines by component, without what is nested in events. */
export interface IcsFile {
  calendar: IcsLine[];
  events: IcsLine[][];
  zones: IcsZone[];
}

/** A VTIMEZONE: its own lines, and those of each STANDARD and DAYLIGHT in it. */
export interface IcsZone {
  lines: IcsLine[];
  observances: IcsLine[][];
}

const eventNames = new Set(
  (
    "UID RECURRENCE-ID SEQUENCE DTSTAMP LAST-MODIFIED DTSTART DTEND DURATION RRULE RDATE EXDATE STATUS SUMMARY " +
    "DESCRIPTION LOCATION URL ORGANIZER ATTENDEE CONFERENCE X-GOOGLE-CONFERENCE X-GOOGLE-HANGOUT X-ALT-DESC " +
    "X-MICROSOFT-SKYPETEAMSMEETINGURL X-MICROSOFT-ONLINEMEETINGEXTERNALLINK X-MICROSOFT-ONLINEMEETINGCONFLINK " +
    "X-MICROSOFT-CDO-ALLDAYEVENT X-MICROSOFT-CDO-BUSYSTATUS"
  ).split(" "),
);
const calendarNames = new Set(["METHOD", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE"]);
const zoneNames = new Set(["TZID", "X-LIC-LOCATION", "DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"]);
/** An event of more lines is not read to its end; attendees are one line each. */
const mostLines = 5_000;

/**
 * The components of a file. Lines that make no sense are passed over; a file that ends within its calendar is refused,
 * since a download that broke off would else look like a calendar whose other events were deleted.
 */
export function readComponents(text: string): IcsFile {
  const file: IcsFile = { calendar: [], events: [], zones: [] };
  const open: string[] = [];
  let seen = false;
  for (let begin = 0; begin < text.length;) {
    const end = text.indexOf("\n", begin);
    const line = text.slice(begin, end < 0 ? text.length : end);
    begin = end < 0 ? text.length : end + 1;
    const name = nameOf(line);
    if (name === "BEGIN") {
      const component = valueOf(line);
      open.push(component);
      seen ||= component === "VCALENDAR";
      start(file, open);
    } else if (name === "END") close(open, valueOf(line));
    else if (open.length > 0) keep(file, open, name, line);
  }
  if (!seen) throw new CalendarUnreadable("not_a_calendar");
  if (open.includes("VCALENDAR")) throw new CalendarUnreadable("damaged");
  return file;
}

const valueOf = (line: string) =>
  line
    .slice(line.indexOf(":") + 1, line.indexOf(":") + 101)
    .trim()
    .toUpperCase();

// An end without its beginning ends nothing; one that leaves inner ones open ends those with it.
function close(open: string[], component: string) {
  const at = open.lastIndexOf(component);
  if (at >= 0) open.length = at;
}

function start(file: IcsFile, open: string[]) {
  if (open[0] !== "VCALENDAR") return;
  const path = open.slice(1, 4).join("/");
  if (path === "VEVENT") file.events.push([]);
  if (path === "VTIMEZONE") file.zones.push({ lines: [], observances: [] });
  if (path === "VTIMEZONE/STANDARD" || path === "VTIMEZONE/DAYLIGHT") file.zones.at(-1)?.observances.push([]);
}

function keep(file: IcsFile, open: string[], name: string, line: string) {
  if (open[0] !== "VCALENDAR" || open.length > 3) return;
  const kept = placeFor(file, open, name);
  if (kept === undefined || kept.length >= mostLines) return;
  const read = readLine(line);
  if (read !== null) kept.push(read);
}

function placeFor(file: IcsFile, open: string[], name: string): IcsLine[] | undefined {
  if (open.length === 1) return calendarNames.has(name) ? file.calendar : undefined;
  if (open[1] === "VEVENT") return open.length === 2 && eventNames.has(name) ? file.events.at(-1) : undefined;
  if (open[1] !== "VTIMEZONE" || !zoneNames.has(name)) return undefined;
  return open.length === 2 ? file.zones.at(-1)?.lines : file.zones.at(-1)?.observances.at(-1);
}
