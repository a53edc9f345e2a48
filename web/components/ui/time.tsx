import { useCallback, useSyncExternalStore } from "react";
import { absolute, relative } from "./format.ts";

/**
 * A moment: relative for reading, absolute on hover and for machines; `exact`: absolute for reading too. The server does
 * not know the reader's time zone, so it writes the absolute time in UTC, and the browser puts its own words there.
 */
export function Time({ at, exact = false }: { at: string | Date; exact?: boolean }) {
  const now = useNow(30_000);
  const moment = new Date(at);
  const title = now === null ? absolute(moment, "UTC") : absolute(moment);
  return (
    <time dateTime={moment.toISOString()} title={title}>
      {now === null || exact ? title : wordsFor(moment, now)}
    </time>
  );
}

const week = 7 * 86_400_000;
const wordsFor = (moment: Date, now: Date) =>
  Math.abs(now.getTime() - moment.getTime()) < week ? relative(moment, now) : absolute(moment);

/** The time, told anew every `everyMs`; null until the browser has taken over from the server. */
export function useNow(everyMs: number): Date | null {
  const subscribe = useCallback(
    (tell: () => void) => {
      const timer = setInterval(tell, everyMs);
      return () => clearInterval(timer);
    },
    [everyMs],
  );
  // Whole steps, so that two reads within one step are equal.
  const step = useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / 1000),
    () => null,
  );
  return step === null ? null : new Date(step * 1000);
}
