import { Temporal } from "temporal-polyfill";
import { isTimeZone } from "#domain/calendar/time-zone.ts";

/** The instant at which a day begins in a zone ("2026-03-29"); null for what is no day. */
export function startOfDay(day: string, timeZone: string | null): Date | null {
  try {
    return new Date(Temporal.PlainDate.from(day).toZonedDateTime(timeZone ?? "UTC").epochMilliseconds);
  } catch {
    return null;
  }
}

/** The instant of a time with its offset ("2026-03-29T09:00:00+01:00"); null for what is none. */
export function instantOf(time: string): Date | null {
  try {
    return new Date(Temporal.Instant.from(time).epochMilliseconds);
  } catch {
    return null;
  }
}

/** A zone's name as it is kept: none for UTC and for what this machine does not know. */
export const namedZone = (name: string | null | undefined): string | null =>
  name && name.length <= 64 && isTimeZone(name) && !/^(etc\/)?(utc|gmt|zulu|universal)$/i.test(name) ? name : null;
