import { Temporal } from "temporal-polyfill";
import { isPlausible } from "./recorded.ts";
import type { Moment } from "./recorded.ts";

/** What a file tells of itself: its container's tags, and its name. `timeZone` is where clocks without an offset are. */
export interface FileClues {
  tags: Readonly<Record<string, string>>;
  fileName: string;
  timeZone: string;
}

/** When a file was recorded: by its container, else by a date in its name; null where neither tells. */
export function recordedMoment({ tags, fileName, timeZone }: FileClues): Moment | null {
  const told = [
    // Apple writes the clock of the place, offset included; `creation_time` is UTC.
    tags["com.apple.quicktime.creationdate"],
    tags["creation_time"],
    // WAV (bext) has a day and a time of day in two tags, by the recorder's own clock.
    `${tags["date"] ?? ""}T${tags["creation_time"] ?? ""}`,
  ];
  for (const text of told) {
    const moment = read(text ?? "", timeZone);
    if (moment !== null) return moment;
  }
  return inName(fileName, timeZone);
}

const iso = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;

function read(text: string, timeZone: string): Moment | null {
  const [, day, time, offset] = iso.exec(text.trim()) ?? [];
  // Containers that hold no time write the first second of their calendar: 1904 and 1970.
  if (day === undefined || day.startsWith("1904-01-01") || day.startsWith("1970-01-01")) return null;
  const clock = `${day}T${time}`;
  if (offset === undefined) return inZone(clock, timeZone);
  if (offset === "Z") return inZone(clock, timeZone, "UTC");
  return inZone(clock, offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset);
}

const yearFirst =
  /(?<!\d)((?:19|20)\d\d)([-_. ]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:(?:[-_T ]| at |, ){0,2}([01]\d|2[0-3])[-_.:h ]?([0-5]\d)(?:[-_.:m ]?([0-5]\d))?)?(?!\d)/;
const dayFirst = /(?<!\d)(0[1-9]|[12]\d|3[01])\.(0[1-9]|1[0-2])\.((?:19|20)\d\d)(?!\d)/;

/** `2026-01-05 13.30.00`, `20260105_133000`, `05.01.2026`; a day without a time is taken for its noon. */
function inName(name: string, timeZone: string): Moment | null {
  const first = yearFirst.exec(name);
  if (first) {
    const [, year, , month, day, hour = "12", minute = "00", second = "00"] = first;
    const isUtc = /GMT$/i.test(name.slice(0, first.index));
    return inZone(`${year}-${month}-${day}T${hour}:${minute}:${second}`, timeZone, isUtc ? "UTC" : timeZone);
  }
  const [, day, month, year] = dayFirst.exec(name) ?? [];
  return day === undefined ? null : inZone(`${year}-${month}-${day}T12:00:00`, timeZone);
}

/** A time by the clock of `clockZone`, as the place in `timeZone` has it; null for the 30th of February. */
function inZone(clock: string, timeZone: string, clockZone = timeZone): Moment | null {
  try {
    const { epochMilliseconds } = Temporal.PlainDateTime.from(clock, { overflow: "reject" }).toZonedDateTime(clockZone);
    const moment = momentIn(new Date(epochMilliseconds), timeZone);
    return isPlausible(moment.at) ? moment : null;
  } catch {
    return null;
  }
}

/** An instant with the offset that clocks in this zone had then. */
export function momentIn(at: Date, timeZone: string): Moment {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  return { at, offsetMinutes: Math.round(offsetNanoseconds / 60e9) };
}
