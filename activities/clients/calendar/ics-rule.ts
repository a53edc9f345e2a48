import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import type { Wall } from "./ics-values.ts";

/** A rule whose beats are no meetings, or that cannot be read. */
export class RuleRefused extends Error {
  readonly reason: "too_frequent" | "rule_unreadable";
  constructor(reason: "too_frequent" | "rule_unreadable", cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
  }
}

export interface Rule {
  /** What the rule gives between two times, both within. */
  between(from: Wall, to: Wall): Wall[];
  /** The last thing the rule gives at or before this. */
  atOrBefore(wall: Wall): Wall | null;
  /** The rule's UNTIL as it is written; "" where it has none. It is left to the caller, who knows the zone. */
  until: string;
}

const mostLength = 5_000;
const mostTimesADay = 24;

/**
 * A recurrence rule by the clock on the wall. The library reckons in UTC here: the time of day stays the same over the
 * change of clocks, and each time gets its zone only afterwards, as RFC 5545 says. It gives up by itself on rules that
 * have it search without end.
 */
export function readRule(text: string, start: Wall): Rule {
  const parts = text.trim().toUpperCase().slice(0, mostLength).split(";").filter(Boolean);
  const valueOf = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  if (isTooFrequent(valueOf)) throw new RuleRefused("too_frequent");
  const rule = guarded(
    () =>
      new RRuleTemporal({
        rruleString: parts.filter((part) => !/^(UNTIL=|X-|DTSTART|TZID)/.test(part)).join(";"),
        dtstart: inUtc(start),
        tzid: "UTC",
      }),
  );
  return {
    until: valueOf("UNTIL"),
    between: (from, to) =>
      guarded(() => rule.between(new Date(from), new Date(to), true).map((at) => at.epochMilliseconds)),
    atOrBefore: (wall) => guarded(() => rule.previous(new Date(wall), true)?.epochMilliseconds ?? null),
  };
}

const inUtc = (wall: Wall) => Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC");

function isTooFrequent(valueOf: (name: string) => string): boolean {
  const frequency = valueOf("FREQ");
  if (frequency === "SECONDLY" || frequency === "MINUTELY") return true;
  const timesOf = (name: string) => Math.max(1, valueOf(name).split(",").length);
  const anHour = timesOf("BYMINUTE") * timesOf("BYSECOND");
  return anHour * (frequency === "HOURLY" ? mostTimesADay : timesOf("BYHOUR")) > mostTimesADay;
}

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RuleRefused("rule_unreadable", error);
  }
}
