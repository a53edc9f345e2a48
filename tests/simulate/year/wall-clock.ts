const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const fields = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const made = new Intl.DateTimeFormat("en-CA", { ...fields, second: "2-digit", hourCycle: "h23", timeZone: zone });
  formats.set(zone, made);
  return made;
}

/** What clocks in a zone show at a moment, as though it were UTC. */
export function wallOf(at: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

export const offsetAt = (at: number, zone: string) => wallOf(at, zone) - Math.floor(at / 1000) * 1000;

/** `20260704T093000`: a wall clock's time as calendars write it. */
export const stampOf = (wall: number) => new Date(wall).toISOString().replaceAll(/[-:]|\.\d+Z/g, "");

const week = 7 * 24 * 3_600_000;

/**
 * The wall clock's time at which a weekly series began that has an occurrence at this moment: on a day when the zone's
 * offset was another than now, where there was one, so that whoever reckons in hours is an hour off today.
 */
export function beginOfSeries(at: number, zone: string): { wall: number; hasOtherOffset: boolean } {
  const wall = wallOf(at, zone);
  const offset = offsetAt(at, zone);
  for (let weeks = 6; weeks <= 40; weeks += 1) {
    // Two days beside it are looked at too: the offset must not change within the day.
    const then = at - weeks * week;
    if ([-1, 0, 1].every((days) => offsetAt(then + (days * week) / 7, zone) !== offset)) {
      return { wall: wall - weeks * week, hasOtherOffset: true };
    }
  }
  return { wall: wall - 4 * week, hasOtherOffset: false };
}
