import { useCallback, useSyncExternalStore } from "react";
import { useRouteLoaderData } from "react-router";
import { useHydrated } from "../../hooks/use-hydrated.ts";
import type { loader as rootLoader } from "../../root.tsx";
import { absolute, relative } from "./format.ts";

/**
 * A moment: relative for reading, absolute on hover and for machines; `exact`: absolute for reading too. The server does
 * not know the reader's time zone, so it writes the absolute time in UTC, and the browser puts its own words there.
 */
export function Time({ at, exact = false }: { at: string | Date; exact?: boolean }) {
  const now = useNow(30_000);
  const isHydrated = useHydrated();
  const moment = new Date(at);
  const title = isHydrated ? absolute(moment) : absolute(moment, "UTC");
  return (
    <time dateTime={moment.toISOString()} title={title}>
      {now === null || exact || !isNear(moment, now) ? title : relative(moment, now)}
    </time>
  );
}

const week = 7 * 86_400_000;
const isNear = (moment: Date, now: Date) => Math.abs(now.getTime() - moment.getTime()) < week;

/**
 * The time, told anew every `everyMs`. Until the browser has taken over it is that of the server's rendering; null
 * where a page could not be loaded.
 */
export function useNow(everyMs: number): Date | null {
  const served = useRouteLoaderData<typeof rootLoader>("root")?.now;
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
    () => (served === undefined ? null : Math.floor(served / 1000)),
  );
  return step === null ? null : new Date(step * 1000);
}
