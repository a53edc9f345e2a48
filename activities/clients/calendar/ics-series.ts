import { isNewer } from "./ics-events.ts";
import type { IcsEvent } from "./ics-events.ts";
import { readRule, RuleRefused } from "./ics-rule.ts";
import { day, stampOf } from "./ics-values.ts";
import type { Period, Wall } from "./ics-values.ts";
import { lengthOf } from "./ics-length.ts";
import type { Length } from "./ics-length.ts";
import type { Zone, Zones } from "./ics-zones.ts";

/** All that a file says of one UID: the event or series itself, and what differs about some of its occurrences. */
export interface Series {
  master: IcsEvent | null;
  changes: IcsEvent[];
}

/** In milliseconds since the epoch; the end is no part of it. */
export interface Window {
  from: number;
  to: number;
}

/** One occurrence in its place in time. */
export interface Placed {
  event: IcsEvent;
  /** The series it belongs to, for what the event leaves out. */
  master: IcsEvent | null;
  startsAt: number;
  endsAt: number;
  /** Where the series puts it; null for an event that is no series. */
  original: number | null;
  zone: Zone;
}

/** The widest that clocks differ from UTC, and a change of clocks. */
const widestOffset = 26 * 3_600_000;
/** What lasts longer is not looked for that far back. */
const longest = 366 * day;
const mostRules = 10;
/** Times beyond are brought within: years of fewer or more than four digits are written in ways that databases refuse. */
const times = { earliest: Date.parse("1000-01-01T00:00:00Z"), latest: Date.parse("9999-12-31T00:00:00Z") };
const storable = (instant: number) => Math.min(Math.max(instant, times.earliest), times.latest);

/** The occurrences of an event or a series that touch the window. `refused` is told of a rule that is not followed. */
export function* placedOf(
  { master, changes }: Series,
  window: Window,
  zones: Zones,
  refused: (reason: RuleRefused["reason"]) => void,
): Generator<Placed> {
  const isSeries = master !== null && master.rules.length + master.additions.length + changes.length > 0;
  if (master !== null && !isSeries && isFarAway(master, window)) return;
  const single = byOriginal(changes.filter(({ andFuture }) => !andFuture));
  const fromThenOn = [...byOriginal(changes.filter(({ andFuture }) => andFuture))]
    .map(([original, event]) => ({ original, event }))
    .sort((a, b) => a.original - b.original);
  for (const [original, event] of single) yield* placeChange(event, original);
  if (master === null) {
    for (const { event, original } of fromThenOn) if (!single.has(original)) yield* placeChange(event, original);
    return;
  }

  const zone = zones.of(master.start);
  const lengths = new Map([master, ...fromThenOn.map(({ event }) => event)].map((each) => [each, lengthIn(each)]));
  let reach = 0;
  for (const [event, { most }] of lengths) reach = Math.max(reach, Math.min(most, longest) + Math.abs(shiftOf(event)));
  const span = { from: window.from - reach - widestOffset, to: window.to + reach + widestOffset };
  const isExcepted = exceptionsOf(master, span, zones);
  // Two times by the clock are one instant where the clocks leap over the earlier.
  const done = new Set(single.keys());
  for (const [wall, period] of startsOf(master, zone, span, refused)) {
    const original = zone.toInstant(wall);
    if (done.has(original) || isExcepted(original, wall)) continue;
    done.add(original);
    const event = fromThenOn.findLast((each) => each.original <= original)?.event ?? master;
    const shifted = wall + shiftOf(event);
    const startsAt = event === master ? original : zone.toInstant(shifted);
    const endsAt = endOfPeriod(period, startsAt) ?? lengths.get(event)?.endOf(shifted, startsAt) ?? startsAt;
    yield* within({ event, master, startsAt, endsAt, original: isSeries ? original : null, zone });
  }

  // The same occurrence may be named by UTC and by a zone's clock.
  function byOriginal(events: IcsEvent[]): Map<number, IcsEvent> {
    const newest = new Map<number, IcsEvent>();
    for (const event of events) {
      const original = originalOf(event, master, zones);
      const other = newest.get(original);
      if (other === undefined || isNewer(event, other)) newest.set(original, event);
    }
    return newest;
  }

  function lengthIn(event: IcsEvent): Length {
    const own = event.end === null && event.duration === null && master !== null ? master : event;
    return lengthOf(own, zones);
  }

  function* placeChange(event: IcsEvent, original: number) {
    if (isFarAway(event, { from: window.from - longest, to: window.to })) return;
    const zone = zones.of(event.start);
    const startsAt = zone.toInstant(event.start.wall);
    const endsAt = lengthIn(event).endOf(event.start.wall, startsAt);
    yield* within({ event, master, startsAt, endsAt, original, zone });
  }

  function* within(placed: Placed) {
    const [startsAt, endsAt] = [storable(placed.startsAt), storable(placed.endsAt)];
    if (startsAt >= window.to || (endsAt <= window.from && startsAt < window.from)) return;
    yield { ...placed, startsAt, endsAt };
  }

  function endOfPeriod(period: Period | null, startsAt: number): number | null {
    if (period?.end) return Math.max(startsAt, zones.of(period.end).toInstant(period.end.wall));
    if (period?.duration) return startsAt + period.duration.days * day + period.duration.milliseconds;
    return null;
  }
}

/** Told from the clock alone, since most of a calendar is long past and its zones need not be looked at. */
function isFarAway({ start, end, duration }: IcsEvent, { from, to }: Window): boolean {
  const ends = end?.wall ?? start.wall + (duration ? duration.days * day + duration.milliseconds : 2 * day);
  return start.wall > to + widestOffset || Math.max(start.wall, ends) < from - widestOffset;
}

/** How far a change of an occurrence and all later ones moves them, by the clock. */
const shiftOf = ({ andFuture, recurrence, start }: IcsEvent): number => {
  if (!andFuture || recurrence === null) return 0;
  return recurrence.isDate && !start.isDate ? 0 : start.wall - recurrence.wall;
};

/** Where the series puts the occurrence that a change is about; a mere date means the series' time on that day. */
function originalOf({ recurrence, start }: IcsEvent, master: IcsEvent | null, zones: Zones): number {
  const stamp = recurrence ?? start;
  if (!stamp.isDate || master === null || master.start.isDate) return storable(zones.of(stamp).toInstant(stamp.wall));
  const timeOfDay = master.start.wall - dateOf(master.start.wall) * day;
  return storable(zones.of(master.start).toInstant(stamp.wall + timeOfDay));
}

const dateOf = (wall: Wall) => Math.floor(wall / day);

function exceptionsOf(master: IcsEvent, { from, to }: Window, zones: Zones) {
  const near = master.exceptions.filter(({ wall }) => wall >= from - day && wall <= to + day);
  const isByDate = (isDate: boolean) => isDate || master.start.isDate;
  const dates = new Set(near.filter(({ isDate }) => isByDate(isDate)).map(({ wall }) => dateOf(wall)));
  const instants = new Set(
    near.filter(({ isDate }) => !isByDate(isDate)).map((stamp) => zones.of(stamp).toInstant(stamp.wall)),
  );
  return (instant: number, wall: Wall) => instants.has(instant) || dates.has(dateOf(wall));
}

/** When the series begins each time, by the clock: its own start, what its rules give and what was added. */
function startsOf(
  master: IcsEvent,
  zone: Zone,
  span: Window,
  refused: (reason: RuleRefused["reason"]) => void,
): Map<Wall, Period | null> {
  const starts = new Map<Wall, Period | null>([[master.start.wall, null]]);
  for (const text of master.rules.slice(0, mostRules)) {
    try {
      for (const wall of byRule(text, master, zone, span)) starts.set(wall, null);
    } catch (error) {
      if (!(error instanceof RuleRefused)) throw error;
      refused(error.reason);
    }
  }
  for (const period of master.additions) {
    const { wall, isUtc } = period.start;
    if (wall < span.from || wall > span.to) continue;
    // An addition in UTC to a series in another zone is put on that zone's clock, where it may meet the rule's own.
    const local = isUtc && !master.start.isUtc ? wall + (wall - zone.toInstant(wall)) : wall;
    starts.set(local, period);
  }
  return starts;
}

function byRule(text: string, master: IcsEvent, zone: Zone, span: Window): Wall[] {
  const rule = readRule(text, master.start.wall);
  const until = rule.until === "" ? null : stampOf({ name: "UNTIL", value: rule.until, parameters: new Map() });
  if (until === null) return rule.between(span.from, span.to);
  if (until.wall < span.from - 2 * day) return [];
  return rule.between(span.from, span.to).filter((wall) => {
    if (until.isDate || master.start.isDate) return dateOf(wall) <= dateOf(until.wall);
    return until.isUtc ? zone.toInstant(wall) <= until.wall : wall <= until.wall;
  });
}
