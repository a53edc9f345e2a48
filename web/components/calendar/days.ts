/** A day as calendars name it, such as "2026-11-23", whatever its time zone. */
export type Day = string;

const DAY_MS = 86_400_000;
const midnight = (day: Day) => new Date(`${day}T00:00:00Z`);

export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10);
export const addDays = (day: Day, days: number): Day => dayOf(new Date(midnight(day).getTime() + days * DAY_MS));
export const mondayOf = (day: Day): Day => addDays(day, -((midnight(day).getUTCDay() + 6) % 7));
export const sevenDays = (first: Day): Day[] => Array.from({ length: 7 }, (_, index) => addDays(first, index));

/** What clocks and calendars on the wall show: a day, and the minutes since its midnight. */
export interface WallTime {
  day: Day;
  minutes: number;
}

// Making a format costs more than a hundred uses of it.
const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const format = formats.get(name) ?? new Intl.DateTimeFormat("en-GB", options);
  formats.set(name, format);
  return format;
}

export function wallTime(at: Date, timeZone: string): WallTime {
  const format = formatOf(`wall ${timeZone}`, {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`,
    minutes: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}

/** "09:30" */
export const formatTime = (at: Date, timeZone: string): string =>
  formatOf(`time ${timeZone}`, { timeZone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" }).format(at);

// Names of our own: how a browser and the server put dates into words differs with their versions.
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = "January February March April May June July August September October November December".split(" ");
function named(day: Day) {
  const at = midnight(day);
  const [weekday = "", month = ""] = [weekdays[at.getUTCDay()], months[at.getUTCMonth()]];
  return { weekday, month, number: at.getUTCDate(), year: at.getUTCFullYear() };
}

/** "Monday 23 November" */
export function formatDay(day: Day): string {
  const { weekday, number, month } = named(day);
  return `${weekday} ${number} ${month}`;
}

/** "Mon" and 23 */
export function shortDay(day: Day): { weekday: string; number: number } {
  const { weekday, number } = named(day);
  return { weekday: weekday.slice(0, 3), number };
}

/** "23 – 29 November 2026" */
export function formatDayRange(first: Day, last: Day): string {
  const [from, to] = [named(first), named(last)];
  const year = from.year === to.year ? "" : ` ${from.year}`;
  const month = from.month === to.month && year === "" ? "" : ` ${from.month}${year}`;
  return `${from.number}${month} – ${to.number} ${to.month} ${to.year}`;
}
