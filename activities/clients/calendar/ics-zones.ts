import ical from "node-ical";
import { Temporal } from "temporal-polyfill";
import { isTimeZone } from "#domain/calendar/time-zone.ts";
import type { IcsZone } from "./ics-components.ts";
import type { Stamp, Wall } from "./ics-values.ts";
import { offsetOf, zoneByItsRules } from "./ics-zone-rules.ts";

export interface Zone {
  /** IANA name; null where it has none. */
  name: string | null;
  /**
   * The instant at which a clock in this zone shows a time. A time that the clocks leap over is read by the clock
   * before the leap, of one that comes twice the first is meant (RFC 5545, 3.3.5).
   */
  toInstant(wall: Wall): number;
}

const utc: Zone = { name: null, toInstant: (wall) => wall };

export interface Zones {
  of(stamp: Stamp): Zone;
}

/** The zones of a file. `floating`: where times without one are read, and those of a zone that nobody knows. */
export function createZones(described: IcsZone[], floating: string | null): Zones {
  const known = new Map<string, Zone>();
  const unnamed: Zone = { ...(floating === null ? utc : ianaZone(floating)), name: null };
  return {
    of({ isUtc, zone: name }) {
      if (isUtc) return utc;
      if (name === null) return unnamed;
      const zone = known.get(name) ?? findZone(name, described) ?? unnamed;
      known.set(name, zone);
      return zone;
    },
  };
}

function ianaZone(name: string): Zone {
  return {
    name: /^(etc\/)?(utc|gmt|z|zulu|universal)$/i.test(name) ? null : name,
    toInstant: (wall) =>
      Temporal.Instant.fromEpochMilliseconds(wall)
        .toZonedDateTimeISO("UTC")
        .toPlainDateTime()
        .toZonedDateTime(name, { disambiguation: "compatible" }).epochMilliseconds,
  };
}

/** By its name where that says a zone, since such a zone's rules are kept up to date; else by the file's own rules. */
function findZone(name: string, described: IcsZone[]): Zone | null {
  const own = described.find(({ lines }) => lineOf(lines, "TZID") === name);
  const iana = ianaName(name) ?? ianaName(own ? lineOf(own.lines, "X-LIC-LOCATION") : "") ?? nameByOutlook(name);
  if (iana !== null) return ianaZone(iana);
  const byRules = own ? rulesOf(own) : null;
  if (byRules !== null) return { name: null, toInstant: byRules };
  const offset = offsetOf(/[+-]\d{1,2}:?\d{2}/.exec(name)?.[0] ?? "");
  return offset === null ? null : { name: null, toInstant: (wall) => wall - offset };
}

function rulesOf(zone: IcsZone) {
  try {
    return zoneByItsRules(zone);
  } catch {
    return null;
  }
}

const lineOf = (lines: IcsZone["lines"], name: string) =>
  lines
    .find((line) => line.name === name)
    ?.value.replaceAll('"', "")
    .trim() ?? "";

/** "Europe/Berlin", also behind a vendor's prefix: "/freeassociation.sourceforge.net/Europe/Berlin". */
function ianaName(name: string): string | null {
  const segments = name.trim().split("/").slice(-3);
  const ends = [name.trim(), segments.join("/"), segments.slice(-2).join("/")];
  if (/^tzone:.*\/utc$/i.test(name)) ends.push("UTC");
  return ends.find((end) => /^[a-z]/i.test(end) && end.length <= 64 && isTimeZone(end)) ?? null;
}

/** The zone that a calendar as a whole is in, by whichever kind of name. */
export const zoneName = (name: string): string | null => ianaName(name) ?? nameByOutlook(name);

/** Names that say a zone in no list, and that the library would read as this machine's zone. */
const saysNothing = /^(customized time zone|tzone:|\(no tz)/i;

/**
 * Outlook's names ("W. Europe Standard Time", "(UTC+01:00) Amsterdam, Berlin"): node-ical keeps the list of them, and
 * tells what it knows of a name by reading an event with it.
 */
function nameByOutlook(name: string): string | null {
  if (saysNothing.test(name) || name.length > 200) return null;
  const label = name.replace(/["\r\n]/g, "");
  const lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", `DTSTART;TZID="${label}":20260115T090000`];
  const read = ical.sync.parseICS([...lines, "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"));
  const event = Object.values(read).find((each) => each?.type === "VEVENT");
  return ianaName((event?.type === "VEVENT" && event.start?.tz) || "");
}
