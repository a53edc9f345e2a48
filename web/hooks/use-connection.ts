import { useSyncExternalStore } from "react";
import type { ConnectionStatus } from "../live-client/reconnector.ts";
import { sharedLiveClient } from "../live-client/shared-live-client.ts";

const onServer: ConnectionStatus = { state: "idle" };

/** How the tab's live connection stands; `idle` while nothing is watched. */
export const useConnection = (): ConnectionStatus =>
  useSyncExternalStore(
    (listener) => sharedLiveClient().onStatus(listener),
    () => sharedLiveClient().status(),
    () => onServer,
  );

/** Tries again now, where a try is due later. */
export const retryConnection = () => sharedLiveClient().retryNow();
