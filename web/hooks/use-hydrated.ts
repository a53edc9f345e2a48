import { useSyncExternalStore } from "react";

const never = () => () => {};

/** Whether the browser has taken over from the server; false in the server's rendering and the first one after it. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
