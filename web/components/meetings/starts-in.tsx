import { useSyncExternalStore } from "react";
import { absolute, relative, spokenTime } from "../ui/format.ts";
import { useNow } from "../ui/time.tsx";

const DAY_SECONDS = 86_400;

/** How long it is until a meeting's time, told anew each second on its last day. */
export function StartsIn({ at }: { at: Date }) {
  const now = useNow(1000);
  if (now === null) return null;
  return <span className="figures">{startsIn(at, now)}</span>;
}

export function startsIn(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  if (seconds > DAY_SECONDS) return `starts ${relative(at, now)}`;
  if (seconds > 0) return `starts in ${spokenTime(seconds)}`;
  return seconds > -60 ? "starts now" : `was to start ${relative(at, now)}`;
}

const never = () => () => {};

/** The browser's time zone, such as "Europe/Berlin"; null until the browser has taken over from the server. */
export const useTimeZone = (): string | null =>
  useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => null,
  );

/** A date and a time in full, in the reader's own zone as soon as that is known. */
export function Moment({ at }: { at: Date }) {
  const zone = useTimeZone();
  return <time dateTime={at.toISOString()}>{zone === null ? absolute(at, "UTC") : absolute(at)}</time>;
}
