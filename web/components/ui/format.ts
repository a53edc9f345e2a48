/** Words and figures as pages show them. Seconds and bytes in, text out. */

/** 75 → "1:15", 3675 → "1:01:15". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = String(s).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${padded}` : `${m}:${padded}`;
}

/** How long something has gone on, as a clock; empty where its beginning or the reader's time is not known. */
export const formatElapsed = (since: Date | null, now: Date | null): string =>
  since === null || now === null ? "" : clock((now.getTime() - since.getTime()) / 1000);

/** 75 → "1 min 15 s", the way it is said aloud. */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.slice(0, 2).join(" ") || "0 s";
}

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, count)) / 10));
  const value = count / 1024 ** power;
  return `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[power]}`;
}

export const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** By as much clocks may differ: what has just happened must not seem to come. */
const skewSeconds = 10;

/** "5 minutes ago", "in 2 days"; days at most, since weeks ago a date says more. */
export function relative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  if (step === undefined) return seconds > skewSeconds ? "in a moment" : "just now";
  return words.format(Math.trunc(seconds / step[1]), step[0]);
}

// Making one costs more than a hundred uses of it, and a list has a hundred moments.
const formats = new Map<"UTC" | undefined, Intl.DateTimeFormat>();

function formatFor(timeZone?: "UTC"): Intl.DateTimeFormat {
  const zone = timeZone === undefined ? {} : { timeZone };
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", { ...style, ...zone });
  formats.set(timeZone, format);
  return format;
}

const style = { dateStyle: "medium", timeStyle: "short" } as const;

const days = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** A day that is no moment, such as 2026-11-29, which must not move with the reader's time zone. */
export const dayWords = (day: Date | string): string => days.format(new Date(day));

/** A date and time in full. Without a zone the reader's own is used. */
export const absolute = (at: Date, timeZone?: "UTC") =>
  formatFor(timeZone).format(at) + (timeZone === undefined ? "" : ` ${timeZone}`);
