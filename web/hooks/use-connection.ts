import { useSyncExternalStore } from "react";
import type { LiveStatus } from "../live-client/live-client.ts";
import { sharedLiveClient } from "../live-client/shared-live-client.ts";

const onServer: LiveStatus = { state: "idle" };

/** How the tab's live connection stands; `idle` while nothing is watched. */
export const useConnection = (): LiveStatus =>
  useSyncExternalStore(
    (listener) => sharedLiveClient().onStatus(listener),
    () => sharedLiveClient().status(),
    () => onServer,
  );

/** Tries again now, where a try is due later. */
export const retryConnection = () => sharedLiveClient().retryNow();
