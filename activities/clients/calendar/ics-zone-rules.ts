import type { IcsZone } from "./ics-components.ts";
import type { IcsLine } from "./ics-lines.ts";
import { readRule } from "./ics-rule.ts";
import type { Rule } from "./ics-rule.ts";
import { day, periodsOf, stampOf } from "./ics-values.ts";
import type { Wall } from "./ics-values.ts";

/** One STANDARD or DAYLIGHT: from each of its beginnings on, clocks are ahead of UTC by `offset` milliseconds. */
interface Observance {
  start: Wall;
  offsetBefore: number;
  offset: number;
  more: Wall[];
  rule: Rule | null;
}

interface Change {
  at: Wall;
  offsetBefore: number;
  offset: number;
}

/** Puts wall time into a zone that a file describes itself; null where the description cannot be used. */
export function zoneByItsRules(zone: IcsZone): ((wall: Wall) => number) | null {
  const observances = zone.observances.map(observanceOf).filter((each) => each !== null);
  const first = observances.toSorted((a, b) => a.start - b.start)[0];
  if (first === undefined) return null;
  const byYear = new Map<number, Change[]>();
  return (wall) => {
    const year = new Date(wall).getUTCFullYear();
    const changes = byYear.get(year) ?? changesAround(observances, year);
    byYear.set(year, changes);
    const last = changes.findLast(({ at }) => at <= wall);
    if (last === undefined) return wall - first.offsetBefore;
    // A time that the clocks leap over is read as though they had not leapt yet.
    const isSkipped = wall < last.at + last.offset - last.offsetBefore;
    return wall - (isSkipped ? last.offsetBefore : last.offset);
  };
}

/** All changes of a year, and the last one before it of each observance. */
function changesAround(observances: Observance[], year: number): Change[] {
  const from = new Date(0).setUTCFullYear(year, 0, 1);
  const to = from + 367 * day;
  return observances
    .flatMap(({ start, more, rule, offset, offsetBefore }) => {
      const before = rule?.atOrBefore(from) ?? null;
      const all = [start, ...more, ...(before === null ? [] : [before]), ...(rule?.between(from, to) ?? [])];
      const until = rule ? untilOf(rule.until, offsetBefore) : Infinity;
      const last = Math.max(...all.filter((at) => at <= from && at <= until));
      return all.filter((at) => at === last || (at > from && at <= until)).map((at) => ({ at, offset, offsetBefore }));
    })
    .sort((a, b) => a.at - b.at);
}

/** An observance's UNTIL is in UTC; its beginnings are by the clock before each change. */
function untilOf(text: string, offsetBefore: number): Wall {
  const stamp = text === "" ? null : stampOf({ name: "UNTIL", value: text, parameters: new Map() });
  if (stamp === null) return Infinity;
  return stamp.isUtc ? stamp.wall + offsetBefore : stamp.wall + (stamp.isDate ? day : 0);
}

function observanceOf(lines: IcsLine[]): Observance | null {
  const line = (name: string) => lines.find((each) => each.name === name);
  const start = line("DTSTART");
  const stamp = start && stampOf(start);
  const offsetBefore = offsetOf(line("TZOFFSETFROM")?.value ?? "");
  const offset = offsetOf(line("TZOFFSETTO")?.value ?? "");
  if (!stamp || offset === null) return null;
  const rule = line("RRULE");
  const more = lines.filter(({ name }) => name === "RDATE").flatMap((each) => periodsOf(each, 1_000));
  return {
    start: stamp.wall,
    offset,
    offsetBefore: offsetBefore ?? offset,
    more: more.map((period) => period.start.wall),
    rule: rule ? readRule(rule.value, stamp.wall) : null,
  };
}

/** "+0100" or "-03:30:00", in milliseconds; null for what is none. */
export function offsetOf(text: string): number | null {
  const parts = /^([+-])(\d{1,2}):?(\d{2})?:?(\d{2})?$/.exec(text.trim());
  if (parts === null) return null;
  const [hours, minutes, seconds] = parts.slice(2).map((part) => Number(part ?? 0));
  const offset = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  return offset >= day ? null : parts[1] === "-" ? -offset : offset;
}
