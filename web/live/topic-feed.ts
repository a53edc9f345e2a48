import type { DeliveredEvent, LiveEvent } from "#domain/live.ts";
import { catchUp, chain, PAGE } from "./catch-up.ts";
import type { FollowedTopic } from "./catch-up.ts";

/** Many subscribers that one call reaches, such as the sockets of a Socket.IO room: what they share is sent once. */
export interface BroadcastGroup {
  deliver: (topic: string, events: readonly DeliveredEvent[]) => void;
}

export interface Subscriber {
  /** Number of the last event it has; 0 for all that is kept, "now" for only what comes. */
  after: number | "now";
  /** Events in order, each once. Until it is level; afterwards only where it belongs to no group. */
  deliver: (events: readonly DeliveredEvent[]) => void;
  /** Waited for between pages while catching up, so that a slow reader is never sent more than it takes. */
  drained?: () => Promise<void>;
  group?: BroadcastGroup;
  /** It has everything up to now; from here on the group's deliveries are for it too. */
  level?: () => void;
  /** Events it lacks are no longer kept (or the database went back in time). Nothing follows. */
  gone: (code: "gap") => void;
}

interface TopicSource {
  read: (after: number, limit: number) => Promise<LiveEvent[]>;
  head: () => Promise<number>;
  /** Reads for those who come late; the hub limits how many run at once. */
  readBack: (after: number, limit: number) => Promise<LiveEvent[]>;
  onError: (error: unknown) => void;
}

export type TopicFeed = ReturnType<typeof createTopicFeed>;

const KEPT = 500;

/**
 * One topic as this process follows it. `cursor` is the newest event handed out here. News moves it by one read for
 * all; whoever is behind catches up to it in pages and becomes level in the same turn, so nothing falls between.
 */
export function createTopicFeed(topic: string, source: TopicSource) {
  let cursor = -1;
  let announced = 0;
  let pumping: Promise<void> | null = null;
  let opening: Promise<void> | null = null;
  let ended = false;
  /** The newest events, so that a group that comes back at once reads the database once. */
  let recent: DeliveredEvent[] = [];
  let recentAfter = 0;
  const behind = new Set<Subscriber>();
  const level = new Set<Subscriber>();
  const groups = new Map<BroadcastGroup, number>();

  async function open() {
    const head = await source.head();
    cursor = head;
    recentAfter = head;
  }

  const opened = () => {
    if (cursor >= 0) return Promise.resolve();
    opening ??= open().finally(() => (opening = null));
    return opening;
  };

  /** The database tells that events up to `seq` exist. */
  function news(seq: number) {
    announced = Math.max(announced, seq);
    if (cursor >= 0 && announced > cursor) void pump();
  }

  function pump() {
    pumping ??= readNews()
      .catch(source.onError)
      .finally(() => (pumping = null));
    return pumping;
  }

  async function readNews() {
    while (!ended && announced > cursor) {
      const page = await source.read(cursor, PAGE);
      // Announced, but not there: it was removed as too old before we came to read it.
      if (page.length === 0) return endAll();
      spread(chain(page, cursor));
    }
  }

  function spread(events: DeliveredEvent[]) {
    cursor = events.at(-1)?.seq ?? cursor;
    recent.push(...events);
    if (recent.length > KEPT) {
      const dropped = recent.splice(0, recent.length - KEPT);
      recentAfter = dropped.at(-1)?.seq ?? recentAfter;
    }
    for (const group of groups.keys()) guarded(() => group.deliver(topic, events));
    for (const subscriber of level) if (!subscriber.group) guarded(() => subscriber.deliver(events));
  }

  function join(subscriber: Subscriber) {
    behind.delete(subscriber);
    level.add(subscriber);
    if (subscriber.group) groups.set(subscriber.group, (groups.get(subscriber.group) ?? 0) + 1);
    subscriber.level?.();
  }

  function remove(subscriber: Subscriber) {
    behind.delete(subscriber);
    if (!level.delete(subscriber) || !subscriber.group) return;
    const left = (groups.get(subscriber.group) ?? 1) - 1;
    if (left === 0) groups.delete(subscriber.group);
    else groups.set(subscriber.group, left);
  }

  function end(subscriber: Subscriber) {
    remove(subscriber);
    guarded(() => subscriber.gone("gap"));
  }

  function endAll() {
    ended = true;
    for (const subscriber of [...behind, ...level]) end(subscriber);
  }

  // One subscriber's failure is its own; the others of the topic must not notice.
  function guarded(act: () => void) {
    try {
      act();
    } catch (error) {
      source.onError(error);
    }
  }

  const followed: FollowedTopic = {
    opened,
    cursor: () => cursor,
    isBehind: (subscriber) => behind.has(subscriber),
    head: source.head,
    async readUpTo(seq) {
      news(seq);
      await pump();
    },
    recentSince: (after) => (after < recentAfter ? null : recent.filter(({ seq }) => seq > after)),
    readBack: source.readBack,
    join,
    end,
    onError: source.onError,
  };

  return {
    news,
    cursor: () => cursor,
    isEnded: () => ended,
    isIdle: () => behind.size + level.size === 0,
    endAll,
    add(subscriber: Subscriber) {
      behind.add(subscriber);
      void catchUp(subscriber, followed);
      return () => remove(subscriber);
    },
  };
}
