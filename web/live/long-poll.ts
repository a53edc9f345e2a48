import type { DeliveredEvent, Subscribe, SubscriptionEnd } from "#domain/live.ts";
import type { PrismaClient } from "#records/db.ts";
import { rightfulWatches, watchKey } from "#records/live/watch-rights.ts";
import { unauthenticated } from "../http/problem.ts";
import type { Hub } from "./hub.ts";
import type { LiveMetrics } from "./metrics.ts";
import type { Rights, Watcher } from "./rights.ts";

export interface Poll {
  grant: Watcher["grant"];
  /** Each topic once. */
  watches: readonly Subscribe[];
  /** How long to wait for news where there are none; 0 answers with what there is. */
  waitMs: number;
  /** Whoever asked has gone. */
  signal: AbortSignal;
}

export interface PollAnswer {
  /** Each topic's events in order; there may be more after them. */
  events: DeliveredEvent[];
  ended: SubscriptionEnd[];
}

interface LongPollDeps {
  prisma: PrismaClient;
  hub: Hub;
  rights: Rights;
  metrics: LiveMetrics;
}

const mostEvents = 500;
/** What exists is read at once; this is for a database that does not answer. */
const mostReadMs = 5_000;

/**
 * The feed for pages that no WebSocket reaches: everything after the numbers that they name, as soon as there is
 * anything. No process remembers the asker, so any may answer the next time.
 */
export function createLongPoll({ prisma, hub, rights, metrics }: LongPollDeps) {
  const open = new Set<() => void>();

  async function poll({ grant, watches, waitMs, signal }: Poll): Promise<PollAnswer> {
    const { userId } = grant;
    const rightful = await rightfulWatches(
      prisma,
      watches.map(({ topic }) => ({ userId, topic })),
    );
    const [mine, others] = [[] as Subscribe[], [] as SubscriptionEnd[]];
    for (const watch of watches) {
      if (rightful.has(watchKey({ userId, topic: watch.topic }))) mine.push(watch);
      else others.push({ topic: watch.topic, code: "not_found" });
    }
    if (others.length > 0) return { events: [], ended: others };
    metrics.opened("poll");
    try {
      return await news({ grant, watches: mine, waitMs, signal });
    } finally {
      metrics.closed("poll");
    }
  }

  function news({ grant, watches, waitMs, signal }: Poll): Promise<PollAnswer> {
    const events: DeliveredEvent[] = [];
    const ended: SubscriptionEnd[] = [];
    const unread = new Set(watches.map(({ topic }) => topic));
    const stops: (() => void)[] = [];
    const over = Promise.withResolvers<void>();

    const settle = () => {
      const hasNews = events.length + ended.length > 0;
      if (events.length >= mostEvents || (unread.size === 0 && (hasNews || waitMs === 0))) over.resolve();
    };
    const read = (topic: string) => {
      unread.delete(topic);
      settle();
    };
    const end = (topic: string, code: SubscriptionEnd["code"]) => {
      ended.push({ topic, code });
      read(topic);
    };

    for (const { topic, after } of watches) {
      const stop = hub.subscribe({
        topic,
        after,
        deliver(page) {
          events.push(...page);
          read(topic);
        },
        // One page is enough for one answer: the next one is asked for with a higher number.
        drained: () => over.promise,
        level: () => read(topic),
        gone: () => end(topic, "gap"),
      });
      stops.push(stop);
    }
    stops.push(
      rights.add({
        grant,
        topics: () => watches.map(({ topic }) => topic),
        signedOut: () => over.reject(unauthenticated()),
        lost: (topic) => end(topic, "not_found"),
      }),
    );
    const finish = () => over.resolve();
    const timer = setTimeout(finish, waitMs || mostReadMs);
    if (signal.aborted) finish();
    signal.addEventListener("abort", finish, { once: true });
    open.add(finish);
    return over.promise
      .then(() => {
        const lost = new Set(ended.filter(({ code }) => code === "not_found").map(({ topic }) => topic));
        const told = events.filter(({ topic }) => !lost.has(topic));
        metrics.delivered("poll", told.length);
        return { events: told, ended };
      })
      .finally(() => {
        clearTimeout(timer);
        open.delete(finish);
        for (const stop of stops) stop();
      });
  }

  return {
    poll,
    /** Answers everybody at once, so that they ask another process. */
    close() {
      for (const finish of open) finish();
    },
  };
}
