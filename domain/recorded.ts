import { z } from "zod";

/** When something was recorded, and by how many minutes the clock there was ahead of UTC: the day is that clock's. */
export interface Moment {
  at: Date;
  offsetMinutes: number;
}

const minute = 60_000;
const two = (value: number) => String(value).padStart(2, "0");
const local = ({ at, offsetMinutes }: Moment) => new Date(at.getTime() + offsetMinutes * minute).toISOString();

/** `2026-01-05T13:30:00+01:00`. */
export function isoOf(moment: Moment): string {
  const { offsetMinutes } = moment;
  const size = Math.abs(offsetMinutes);
  const offset = `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${local(moment).slice(0, 19)}${offset}`;
}

/** The day by the clock of the place, `2026-01-05`. */
export const dayOf = (moment: Moment): string => local(moment).slice(0, 10);

/** What two columns hold as one; null where it is not known. */
export const momentOf = (row: { recordedAt: Date | null; recordedOffset: number | null }): Moment | null =>
  row.recordedAt === null || row.recordedOffset === null
    ? null
    : { at: row.recordedAt, offsetMinutes: row.recordedOffset };

/** The two columns of what was said at the door; of nothing, nothing. */
export function columnsOf(recordedAt: string | null | undefined) {
  const moment = recordedAt ? momentFrom(recordedAt) : null;
  return { recordedAt: moment?.at ?? null, recordedOffset: moment?.offsetMinutes ?? null };
}

// Nothing is recorded before there were recorders, and a clock may be a day ahead.
const earliest = Date.UTC(1900, 0, 1);
export const isPlausible = (at: Date, now: Date = new Date()) =>
  at.getTime() >= earliest && at.getTime() <= now.getTime() + 86_400_000;

/** `recordedAt` as people send it: ISO 8601 with its offset. */
export const RecordedAt = z.iso
  .datetime({ offset: true, error: "must be a time with its offset, such as 2026-01-05T13:30:00+01:00" })
  .refine((iso) => isPlausible(new Date(iso)), "must be a time between 1900 and now");

/** Reads what `RecordedAt` let in. */
export function momentFrom(iso: string): Moment {
  const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d\d):?(\d\d)$/.exec(iso) ?? [];
  return { at: new Date(iso), offsetMinutes: Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) };
}
