import type { DeliveredEvent } from "#domain/live.ts";

export interface WatchHandlers {
  onEvent: (event: DeliveredEvent) => void;
  /** Events after the last number are no longer kept: read the snapshot anew and give its number to `sync`. */
  onGap: () => void;
  /** The topic is gone, or no longer this person's. */
  onGone?: () => void;
}

/** One reader of a topic: what it has seen, and so what it still has to see. */
export interface Watch {
  /** A newer snapshot was read; its number replaces the events up to it. */
  sync: (seq: number) => void;
  stop: () => void;
}

export interface TopicReader {
  last: number;
  /** Waits for a new snapshot; no event is for it until then. */
  inGap: boolean;
  handlers: WatchHandlers;
}

/** Hands an event to a reader once and in order. False: something before it is missing. */
export function offer(reader: TopicReader, event: DeliveredEvent): boolean {
  if (reader.inGap || event.seq <= reader.last) return true;
  if (event.prev > reader.last) return false;
  reader.last = event.seq;
  reader.handlers.onEvent(event);
  return true;
}
