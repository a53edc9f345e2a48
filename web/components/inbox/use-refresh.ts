import { useEffect, useEffectEvent } from "react";
import { useRevalidator } from "react-router";

/** Reads the page's data anew every few seconds, while it is looked at. Deliveries have no feed of their own. */
export function useRefresh(isOn: boolean, everyMs = 5_000): void {
  const { revalidate, state } = useRevalidator();
  const again = useEffectEvent(() => {
    if (document.visibilityState === "visible" && state === "idle") void revalidate();
  });
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => again(), everyMs);
    return () => clearInterval(timer);
  }, [isOn, everyMs]);
}
