import type { IcsEvent } from "./ics-events.ts";
import { day } from "./ics-values.ts";
import type { Wall } from "./ics-values.ts";
import type { Zones } from "./ics-zones.ts";

export interface Length {
  /** When an occurrence ends that begins at this time by the clock, which is this instant. */
  endOf(wall: Wall, startsAt: number): number;
  /** Never more than this. */
  most: number;
}

/**
 * How long an event lasts. From its end, to the second at each occurrence; from a DURATION, days by the calendar (RFC
 * 5545, 3.8.5.3). An end before the start makes no length.
 */
export function lengthOf({ start, end, duration }: IcsEvent, zones: Zones): Length {
  const zone = zones.of(start);
  if (start.isDate) {
    const days = end ? Math.floor((end.wall - start.wall) / day) : (duration?.days ?? 1);
    const length = Math.max(1, days) * day;
    return { endOf: (wall) => zone.toInstant(wall + length), most: length + day };
  }
  if (end !== null) {
    const length = Math.max(0, zones.of(end).toInstant(end.wall) - zone.toInstant(start.wall));
    return { endOf: (_, startsAt) => startsAt + length, most: length };
  }
  const { days, milliseconds } = duration ?? { days: 0, milliseconds: 0 };
  return {
    endOf: (wall, startsAt) => (days === 0 ? startsAt : zone.toInstant(wall + days * day)) + milliseconds,
    most: (days + 1) * day + milliseconds,
  };
}
