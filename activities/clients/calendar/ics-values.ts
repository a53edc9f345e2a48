import type { IcsLine } from "./ics-lines.ts";

/**
 * A time as a clock on the wall shows it, in milliseconds as though the wall were in UTC: rules repeat by the clock, and
 * only what they give is put into the zone.
 */
export type Wall = number;

/** A date or a time as it is written, before its zone is known. */
export interface Stamp {
  wall: Wall;
  isDate: boolean;
  isUtc: boolean;
  /** The name of its zone as the file says it; null for UTC, dates and floating times. */
  zone: string | null;
}

export const day = 86_400_000;
const stampForm = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(?:\.\d+)?(Z)?)?$/i;

/** The wall's milliseconds; years below 100 would be taken for the 1900s by `Date.UTC`. */
function wallOf(year: number, month: number, dayOfMonth: number): Wall | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, dayOfMonth);
  // The 31st of February is no date, and not the 3rd of March.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth ? date.getTime() : null;
}

function readStamp(text: string, zone: string | null): Stamp | null {
  const parts = stampForm.exec(text.trim());
  if (parts === null) return null;
  const [year, month, dayOfMonth, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const date = wallOf(year ?? 0, month ?? 0, dayOfMonth ?? 0);
  const isDate = parts[4] === undefined;
  const isUtc = parts[7] !== undefined;
  if (date === null || (hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 60) return null;
  const time = (hour ?? 0) * 3_600_000 + (minute ?? 0) * 60_000 + Math.min(second ?? 0, 59) * 1000;
  return { wall: date + time, isDate, isUtc, zone: isDate || isUtc ? null : zone };
}

/** A colon in an unquoted zone's name ("(UTC+01:00) Berlin", "tzone://Microsoft/Utc") parts the line too early. */
function whole(line: IcsLine): { value: string; zone: string | null } {
  const zone = line.parameters.get("TZID") ?? null;
  const colon = line.value.lastIndexOf(":");
  if (colon < 0 || zone === null) return { value: line.value, zone };
  return { value: line.value.slice(colon + 1), zone: `${zone}:${line.value.slice(0, colon)}` };
}

export function stampOf(line: IcsLine): Stamp | null {
  const { value, zone } = whole(line);
  const stamp = readStamp(value, zone);
  // "VALUE=DATE" with a time, as some write it, means the date.
  if (stamp === null || line.parameters.get("VALUE")?.toUpperCase() !== "DATE") return stamp;
  return { wall: stamp.wall - (((stamp.wall % day) + day) % day), isDate: true, isUtc: false, zone: null };
}

export interface Period {
  start: Stamp;
  end: Stamp | null;
  duration: Duration | null;
}

/** The dates of an EXDATE or RDATE; those that cannot be read are left out. */
export function periodsOf(line: IcsLine, most: number): Period[] {
  const { value, zone } = whole(line);
  const periods: Period[] = [];
  for (const part of value.split(",", most)) {
    const [from = "", to] = part.split("/", 2);
    const start = readStamp(from, zone);
    if (start === null) continue;
    periods.push({ start, end: to ? readStamp(to, zone) : null, duration: to ? durationOf(to) : null });
  }
  return periods;
}

/** Days are by the calendar, the rest by the clock. */
export interface Duration {
  days: number;
  milliseconds: number;
}

const durationForm = /^([+-])?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/i;

export function durationOf(text: string): Duration | null {
  const parts = durationForm.exec(text.trim());
  if (parts === null) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(2).map((part) => Number(part ?? 0));
  // An event that ends before it begins has no length.
  const sign = parts[1] === "-" ? 0 : 1;
  return {
    days: sign * (weeks * 7 + days),
    milliseconds: sign * (hours * 3600 + minutes * 60 + seconds) * 1000,
  };
}
