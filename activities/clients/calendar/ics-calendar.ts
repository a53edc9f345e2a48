import { cleanLine, cut, textLimits } from "#domain/text.ts";
import type { Occurrence } from "#domain/calendar/event.ts";
import { readComponents } from "./ics-components.ts";
import { isNewer, readEvent } from "./ics-events.ts";
import type { IcsEvent } from "./ics-events.ts";
import { unescaped } from "./ics-lines.ts";
import { occurrences } from "./ics-occurrence.ts";
import { placedOf } from "./ics-series.ts";
import type { Placed, Series, Window } from "./ics-series.ts";
import { unfoldedText } from "./ics-text.ts";
import { createZones, zoneName } from "./ics-zones.ts";

/** Why something of a calendar is not among its occurrences. */
type SkipReason = "damaged" | "rule_unreadable" | "too_frequent" | "too_many";

export interface ReadCalendar {
  name: string | null;
  /** IANA name of the zone that the calendar as a whole is in; null where it says none. */
  timeZone: string | null;
  /** By their start; of more than are allowed, those that begin first. */
  occurrences: Occurrence[];
  skipped: { reason: SkipReason; count: number }[];
}

export interface IcsOptions {
  window: Window;
  mostOccurrences: number;
  /** IANA name of the zone for times that name none, where the calendar does not say it. */
  timeZone: string | null;
  jitsiHosts: readonly string[];
  addresses: readonly string[];
}

/** All occurrences of an iCalendar file that touch a window of time. It takes as long as it takes: see read-calendar. */
export function readIcs(bytes: Uint8Array, options: IcsOptions): ReadCalendar {
  const file = readComponents(unfoldedText(bytes));
  const said = (name: string) => unescaped(file.calendar.find((line) => line.name === name)?.value ?? "", 1_000);
  const timeZone = zoneName(said("X-WR-TIMEZONE"));
  const zones = createZones(file.zones, timeZone ?? options.timeZone);
  const skipped = new Map<SkipReason, number>();
  const skip = (reason: SkipReason, count = 1) => skipped.set(reason, (skipped.get(reason) ?? 0) + count);

  const first = keepFirst(options.mostOccurrences, (count) => skip("too_many", count));
  for (const series of seriesOf(file.events, () => skip("damaged")).values()) {
    try {
      for (const placed of placedOf(series, options.window, zones, skip)) first.add(placed);
    } catch {
      skip("damaged");
    }
  }
  const occurrenceOf = occurrences({
    isCancelled: said("METHOD").trim().toUpperCase() === "CANCEL",
    jitsiHosts: options.jitsiHosts,
    addresses: options.addresses,
  });
  const name = cut(cleanLine(said("NAME") || said("X-WR-CALNAME")), textLimits.title);
  return {
    name: name === "" ? null : name,
    timeZone,
    occurrences: first.all().map(occurrenceOf),
    skipped: [...skipped].map(([reason, count]) => ({ reason, count })),
  };
}

/** Events by UID; of several versions of one, the newest. */
function seriesOf(events: Iterable<Parameters<typeof readEvent>[0]>, damaged: () => void): Map<string, Series> {
  const versions = new Map<string, Map<string, IcsEvent>>();
  for (const lines of events) {
    const event = readEvent(lines);
    if (event === null) {
      damaged();
      continue;
    }
    const known = versions.get(event.uid) ?? new Map<string, IcsEvent>();
    versions.set(event.uid, known);
    const key =
      event.recurrence === null ? "" : `${event.recurrence.wall} ${event.recurrence.zone ?? event.recurrence.isUtc}`;
    const other = known.get(key);
    if (other === undefined || isNewer(event, other)) known.set(key, event);
  }
  return new Map(
    [...versions].map(([uid, known]) => [
      uid,
      { master: known.get("") ?? null, changes: [...known.values()].filter(({ recurrence }) => recurrence !== null) },
    ]),
  );
}

/** Holds on to those that begin first, so that a file of millions takes no more memory than one of thousands. */
function keepFirst(most: number, dropped: (count: number) => void) {
  let kept: Placed[] = [];
  const trim = () => {
    kept.sort((a, b) => a.startsAt - b.startsAt);
    if (kept.length <= most) return;
    dropped(kept.length - most);
    kept = kept.slice(0, most);
  };
  return {
    add(placed: Placed) {
      kept.push(placed);
      if (kept.length >= most * 4) trim();
    },
    all() {
      trim();
      return kept;
    },
  };
}
