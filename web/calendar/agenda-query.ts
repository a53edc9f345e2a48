import { z } from "zod";
import { addDays, dayOf, mondayOf } from "../components/calendar/days.ts";
import type { Day } from "../components/calendar/days.ts";

const Query = z.object({
  view: z.enum(["agenda", "week"]).nullable().catch(null),
  // Of this century: what lies further off is in no calendar's window.
  from: z.iso.date().startsWith("20").nullable().catch(null),
  calendar: z.uuid().nullable().catch(null),
});

/** What the calendar page's address asks for; what it cannot mean is left out rather than refused. */
export const agendaQueryOf = ({ searchParams }: URL) =>
  Query.parse(Object.fromEntries(["view", "from", "calendar"].map((name) => [name, searchParams.get(name)])));

/**
 * What to read for the week and for the seven days of the agenda, whatever the reader's time zone, which only the
 * browser knows: it may be a day before or after the server's.
 */
export function rangeFor(from: Day | null, now: Date): { from: Date; to: Date } {
  const today = dayOf(now);
  const [first, last] = from === null ? [addDays(today, -1), addDays(today, 1)] : [from, from];
  return { from: new Date(addDays(mondayOf(first), -1)), to: new Date(addDays(last, 8)) };
}
