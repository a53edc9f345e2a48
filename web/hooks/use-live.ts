import { useEffect, useEffectEvent, useRef } from "react";
import { useRevalidator } from "react-router";
import type { DeliveredEvent } from "#domain/live.ts";
import type { LiveStatus } from "../live-client/live-client.ts";
import { sharedLiveClient } from "../live-client/shared-live-client.ts";
import type { Watch } from "../live-client/topic-watch.ts";
import { useConnection } from "./use-connection.ts";

export interface UseLiveOptions {
  /** Events are missing for good; the default reads the page's loaders anew, which brings a new `snapshotSeq`. */
  onGap?: () => void;
  /** The topic was deleted or is not this person's any more; the default reads the page's loaders anew. */
  onGone?: () => void;
}

/**
 * Follows a topic from the loader's snapshot: every event after `snapshotSeq` is given to `onEvent` once and in
 * order, also across disconnects. A later, higher `snapshotSeq` replaces the events up to it. Gives the connection's
 * status.
 */
export function useLive(
  topic: string,
  snapshotSeq: number,
  onEvent: (event: DeliveredEvent) => void,
  { onGap, onGone }: UseLiveOptions = {},
): LiveStatus {
  const { revalidate } = useRevalidator();
  const watch = useRef<Watch | null>(null);
  const event = useEffectEvent(onEvent);
  const gap = useEffectEvent(() => (onGap === undefined ? void revalidate() : onGap()));
  const gone = useEffectEvent(() => (onGone === undefined ? void revalidate() : onGone()));
  const seqNow = useEffectEvent(() => snapshotSeq);

  useEffect(() => {
    const started = sharedLiveClient().watch(topic, seqNow(), {
      onEvent: (each) => event(each),
      onGap: () => gap(),
      onGone: () => gone(),
    });
    watch.current = started;
    return () => {
      watch.current = null;
      started.stop();
    };
  }, [topic]);
  useEffect(() => watch.current?.sync(snapshotSeq), [snapshotSeq]);

  return useConnection();
}
