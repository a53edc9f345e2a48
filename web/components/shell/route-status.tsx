import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigation } from "react-router";

/** A thin bar at the top while the next page loads; appears late, so that quick pages do not flicker. */
export function PendingBar() {
  const { state } = useNavigation();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(state !== "idle"), state === "idle" ? 0 : 150);
    return () => clearTimeout(timer);
  }, [state]);
  if (!shown) return null;
  return (
    <div role="status" aria-label="Loading" className="fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden bg-accent-wash">
      <div className="h-full w-2/5 animate-slide bg-accent" />
    </div>
  );
}

/** After a change of page: focus to the main part, and the new title said aloud. */
export function RouteAnnouncer() {
  const { pathname } = useLocation();
  const [title, setTitle] = useState("");
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    // The title element changes in the same commit as the page, but after this effect of a parent has been queued.
    const timer = setTimeout(() => {
      setTitle(document.title);
      document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    }, 50);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <p aria-live="polite" className="sr-only">
      {title}
    </p>
  );
}
