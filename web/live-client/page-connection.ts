import { useSyncExternalStore } from "react";
import { createPatience } from "./patient-fetch.ts";
import type { Patience, Waiting } from "./patient-fetch.ts";

let patience: Patience | null = null;

/** From here on what the router reads and writes waits for the connection. Before the first page is taken over. */
export function waitForConnection(): void {
  const fetch = globalThis.fetch.bind(globalThis);
  const made = createPatience({ fetch, isOnline: () => navigator.onLine });
  patience = made;
  globalThis.fetch = (input, init) => (isPageData(input) ? made.fetch(input, init) : fetch(input, init));
  addEventListener("online", made.online);
  addEventListener("beforeunload", (event) => {
    if (made.waiting().writes > 0) event.preventDefault();
  });
}

/** The router asks for a page's data, and sends its forms, at the page's address with this ending. */
function isPageData(input: Parameters<typeof globalThis.fetch>[0]): boolean {
  if (input instanceof Request) return false;
  const { origin, pathname } = new URL(input, location.href);
  return origin === location.origin && pathname.endsWith(".data");
}

const nothing: Waiting = { reads: 0, writes: 0 };

/** What waits for the connection. */
export const useWaiting = (): Waiting =>
  useSyncExternalStore(
    (listener) => patience?.subscribe(listener) ?? (() => {}),
    () => patience?.waiting() ?? nothing,
    () => nothing,
  );

export const retryWaiting = () => patience?.retry();

const subscribeToNetwork = (listener: () => void) => {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
};

/** Whether the device believes that it has a network. */
export const useOnline = (): boolean =>
  useSyncExternalStore(
    subscribeToNetwork,
    () => navigator.onLine,
    () => true,
  );
