import type { AutoJoinPreferences } from "./preferences.ts";

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time of day at an instant, such as "07:30". Built once for each zone, since a calendar asks thousands of times. */
function timeOfDay(at: Date, timeZone: string): string {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  clocks.set(timeZone, clock);
  return clock.format(at);
}

/** The quiet hours that an instant falls into, as words; null where it falls into none. The end is no part of them. */
export function quietHoursAt(at: Date, { quiet_hours, time_zone }: AutoJoinPreferences): string | null {
  if (quiet_hours === null) return null;
  const { from, to } = quiet_hours;
  const time = timeOfDay(at, time_zone);
  const isQuiet = from <= to ? from <= time && time < to : from <= time || time < to;
  return isQuiet ? `${from} to ${to}` : null;
}
