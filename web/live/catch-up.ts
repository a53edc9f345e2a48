import type { DeliveredEvent, LiveEvent } from "#domain/live.ts";
import type { Subscriber } from "./topic-feed.ts";

/** A topic that this process follows, as those who are behind need it. */
export interface FollowedTopic {
  opened: () => Promise<void>;
  /** Number of the newest event that was handed out. */
  cursor: () => number;
  isBehind: (subscriber: Subscriber) => boolean;
  /** Number of the newest event that exists. */
  head: () => Promise<number>;
  /** Hands out what exists up to `seq`. */
  readUpTo: (seq: number) => Promise<void>;
  /** What was handed out after `after`; null: that is not kept in memory. */
  recentSince: (after: number) => DeliveredEvent[] | null;
  readBack: (after: number, limit: number) => Promise<LiveEvent[]>;
  /** The subscriber has all. */
  join: (subscriber: Subscriber) => void;
  /** The subscriber cannot get all. */
  end: (subscriber: Subscriber) => void;
  onError: (error: unknown) => void;
}

export const PAGE = 500;
const RETRY_MS = 500;

/** Brings a subscriber that comes, or comes back, from its last number to where the topic stands, a page at a time. */
export async function catchUp(subscriber: Subscriber, topic: FollowedTopic): Promise<void> {
  while (topic.isBehind(subscriber)) {
    try {
      await topic.opened();
      if (subscriber.after === "now") subscriber.after = topic.cursor();
      if (subscriber.after > topic.cursor() && !(await isAhead(subscriber.after, topic))) return topic.end(subscriber);
      if (!topic.isBehind(subscriber)) return;
      if (subscriber.after === topic.cursor()) return topic.join(subscriber);
      if (subscriber.after < topic.cursor() && !(await advance(subscriber, subscriber.after, topic))) {
        return topic.end(subscriber);
      }
      await subscriber.drained?.();
    } catch (error) {
      topic.onError(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** A snapshot may be newer than what this process has read. False: it is newer than anything that exists. */
async function isAhead(after: number, topic: FollowedTopic): Promise<boolean> {
  const head = await topic.head();
  if (after > head) return false;
  await topic.readUpTo(head);
  return true;
}

/** Hands over the next page. False: a part of it is no longer kept. */
async function advance(subscriber: Subscriber, after: number, topic: FollowedTopic): Promise<boolean> {
  // What the read must contain is fixed before it starts; what commits meanwhile comes with the next page.
  const target = topic.cursor();
  const recent = topic.recentSince(after);
  if (recent !== null) {
    subscriber.after = target;
    subscriber.deliver(recent);
    return true;
  }
  const page = await topic.readBack(after, PAGE);
  if (!topic.isBehind(subscriber)) return true;
  const rows = page.filter(({ seq }) => seq <= target);
  // Old events are removed from the front, so only a hole right after `after` tells of a loss; others are deletions.
  if (after > 0 && rows[0]?.seq !== after + 1) return false;
  subscriber.after = page.length < PAGE ? target : (rows.at(-1)?.seq ?? target);
  if (rows.length > 0) subscriber.deliver(chain(rows, after));
  return true;
}

/** Gives each event the number of the one before it. */
export const chain = (events: LiveEvent[], after: number): DeliveredEvent[] =>
  events.map((event, index) => ({ ...event, prev: events[index - 1]?.seq ?? after }));
