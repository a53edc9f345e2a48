import type { Logger } from "pino";
import type { PrismaClient } from "#records/db.ts";
import { headOf, readEvents } from "#records/live/feed.ts";
import { createListener } from "./listener.ts";
import { createTopicFeed } from "./topic-feed.ts";
import type { Subscriber, TopicFeed } from "./topic-feed.ts";
import { createSemaphore } from "./semaphore.ts";

export interface HubOptions {
  databaseUrl: string;
  prisma: PrismaClient;
  log: Logger;
  /** How often the heads of watched topics are looked at, should a notice have been lost. */
  pollMs?: number;
  /** How long a topic that nobody watches is still followed, for those who reconnect at once. */
  lingerMs?: number;
}

export type Hub = ReturnType<typeof createHub>;

/**
 * The live feed of this web process: hears every commit, reads each watched topic's news once, and hands every
 * subscriber each event after the number it names, once and in order.
 */
export function createHub({ databaseUrl, prisma, log, pollMs = 1_000, lingerMs = 60_000 }: HubOptions) {
  const feeds = new Map<string, TopicFeed>();
  const idleSince = new Map<string, number>();
  const readInTurn = createSemaphore(4);
  let polling = false;
  let closed = false;

  const listener = createListener({
    databaseUrl,
    log,
    onNews: (topic, seq) => feeds.get(topic)?.news(seq),
    onListening: () => void poll(),
  });
  const pollTimer = setInterval(() => void poll(), pollMs);

  function feedOf(topic: string): TopicFeed {
    const known = feeds.get(topic);
    if (known && !known.isEnded()) return known;
    const feed = createTopicFeed(topic, {
      read: (after, limit) => readEvents(prisma, topic, after, limit),
      readBack: (after, limit) => readInTurn(() => readEvents(prisma, topic, after, limit)),
      head: () => headOf(prisma, topic),
      onError: (error) => closed || log.error({ err: error, topic }, "live feed could not read or deliver"),
    });
    feeds.set(topic, feed);
    return feed;
  }

  async function poll() {
    if (polling || closed) return;
    polling = true;
    try {
      forgetIdle();
      await lookAtHeads();
    } catch (error) {
      if (!closed) log.warn({ err: error }, "live feed could not look at its topics");
    } finally {
      polling = false;
    }
  }

  async function lookAtHeads() {
    const seen = [...feeds].map(([topic, feed]) => ({ topic, feed, cursor: feed.cursor() }));
    if (seen.length === 0) return;
    const rows = await prisma.$queryRaw<{ topic: string; seq: bigint }[]>`
      SELECT topic, seq FROM live_topic WHERE topic = ANY(${seen.map(({ topic }) => topic)})`;
    const heads = new Map(rows.map(({ topic, seq }) => [topic, Number(seq)]));
    for (const { topic, feed, cursor } of seen) {
      const head = heads.get(topic) ?? 0;
      // Numbers never go back, unless the database was restored from a backup.
      if (head < cursor) feed.endAll();
      else feed.news(head);
    }
  }

  function forgetIdle() {
    const now = Date.now();
    for (const [topic, feed] of feeds) {
      if (!feed.isIdle()) idleSince.delete(topic);
      else if (feed.isEnded() || now - (idleSince.get(topic) ?? now) > lingerMs) {
        feeds.delete(topic);
        idleSince.delete(topic);
      } else if (!idleSince.has(topic)) idleSince.set(topic, now);
    }
  }

  return {
    /** Starts a subscription; events come later, never within this call. Gives back how to end it. */
    subscribe: ({ topic, ...subscriber }: Subscriber & { topic: string }): (() => void) =>
      feedOf(topic).add(subscriber),
    isListening: listener.isListening,
    /** Number of topics followed now. */
    topics: () => feeds.size,
    async close() {
      closed = true;
      clearInterval(pollTimer);
      feeds.clear();
      await listener.close();
    },
  };
}
