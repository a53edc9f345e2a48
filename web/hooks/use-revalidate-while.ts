import { useEffect, useEffectEvent } from "react";
import { useRevalidator } from "react-router";

const everyMs = 2_000;
const atMost = 15;

/** Reads the page's data anew now and then while something is awaited that no feed tells; not for ever. */
export function useRevalidateWhile(isAwaited: boolean): void {
  const { revalidate } = useRevalidator();
  const again = useEffectEvent(() => void revalidate());
  useEffect(() => {
    if (!isAwaited) return;
    let asked = 0;
    const timer = setInterval(() => {
      asked += 1;
      if (asked >= atMost) clearInterval(timer);
      again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [isAwaited]);
}
