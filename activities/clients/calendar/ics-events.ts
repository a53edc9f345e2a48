import { createHash } from "node:crypto";
import { occurrenceLimits } from "#domain/calendar/event.ts";
import { cleanLine } from "#domain/text.ts";
import type { IcsLine } from "./ics-lines.ts";
import { durationOf, periodsOf, stampOf } from "./ics-values.ts";
import type { Duration, Period, Stamp } from "./ics-values.ts";

/** A VEVENT: an event, a series, or what is different about one of a series' occurrences. */
export interface IcsEvent {
  uid: string;
  /** Which occurrence of its series this is about; null for the series itself. */
  recurrence: Stamp | null;
  /** Whether it is about all later ones too. */
  andFuture: boolean;
  sequence: number;
  stampedAt: number;
  start: Stamp;
  end: Stamp | null;
  duration: Duration | null;
  rules: string[];
  additions: Period[];
  exceptions: Stamp[];
  lines: IcsLine[];
}

/** Whether this version of an event takes the other's place. */
export const isNewer = (event: IcsEvent, other: IcsEvent): boolean =>
  event.sequence === other.sequence ? event.stampedAt >= other.stampedAt : event.sequence > other.sequence;

/** Dates added to or taken out of one series. */
const mostDates = 10_000;

/** An event from its lines; null where its time cannot be read. */
export function readEvent(lines: IcsLine[]): IcsEvent | null {
  const line = (name: string) => lines.find((each) => each.name === name);
  const all = (name: string) => lines.filter((each) => each.name === name);
  const stamp = (name: string) => {
    const found = line(name);
    return found ? stampOf(found) : null;
  };
  const recurrence = stamp("RECURRENCE-ID");
  // Word that one occurrence is cancelled may leave out its time.
  const start = line("DTSTART") ? stamp("DTSTART") : recurrence;
  if (start === null || (line("RECURRENCE-ID") && recurrence === null)) return null;
  const dates = (name: string) =>
    all(name)
      .flatMap((each) => periodsOf(each, mostDates))
      .slice(0, mostDates);
  return {
    uid: uidOf(line("UID")?.value ?? "", `${line("DTSTART")?.value} ${line("SUMMARY")?.value}`),
    recurrence,
    andFuture: line("RECURRENCE-ID")?.parameters.get("RANGE")?.toUpperCase() === "THISANDFUTURE",
    sequence: Number.parseInt(line("SEQUENCE")?.value ?? "0", 10) || 0,
    stampedAt: (stamp("DTSTAMP") ?? stamp("LAST-MODIFIED"))?.wall ?? 0,
    start,
    end: stamp("DTEND"),
    duration: durationOf(line("DURATION")?.value ?? ""),
    rules: all("RRULE").map(({ value }) => value),
    additions: dates("RDATE"),
    exceptions: dates("EXDATE").map((period) => period.start),
    lines: lines.filter(({ name }) => !timeNames.has(name)),
  };
}

const timeNames = new Set(["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "DTSTAMP", "UID"]);

/** An event without an id, or with one that cannot be kept as it is, gets one by what it is. */
function uidOf(value: string, otherwise: string): string {
  const uid = cleanLine(value.slice(0, occurrenceLimits.uid + 1));
  if (uid !== "" && uid.length <= occurrenceLimits.uid) return uid;
  return `sha256:${createHash("sha256")
    .update(value.trim() || otherwise)
    .digest("hex")}`;
}
