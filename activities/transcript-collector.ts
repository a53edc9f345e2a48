import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { createSpeechOrder, readRealtime } from "#domain/realtime-events.ts";
import type { PrismaClient } from "#records/db.ts";
import { announce } from "#records/live/feed.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import type { NewSegment } from "#records/conversations/segments.ts";
import type { RealtimeEvent } from "./clients/calls/call-provider.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  meetingId: string;
  /** Of the agent's link; once a newer one has taken over, this one stores nothing more. */
  generation: number;
  /** When the call began, in milliseconds since the epoch: where its transcript's clock starts. */
  callStartedAt: number;
  /** Told which segments are stored, every 2 seconds or 20 segments. A range that is lost does no harm. */
  onStored: (toSequence: number) => Promise<void>;
}

const rangeEveryMs = 2_000;
const rangeEvery = 20;
const longestWaitMs = 5_000;

/**
 * Keeps what a call says: stored first, then told to the feed, then signalled as ranges. Hearing never waits and never
 * throws; what cannot be stored yet stays in the queue and is tried until it can (A-25, A-27, weak points 7 to 9, 11).
 */
export function createTranscriptCollector(deps: Deps) {
  const { log, meetingId, callStartedAt } = deps;
  const order = createSpeechOrder();
  const open = new Set<string>();
  const queue: NewSegment[] = [];
  const ranges = createRanges(deps);
  let unnamed = 0;
  let storing: Promise<void> | null = null;
  let isOusted = false;

  const hear = ({ time, event }: RealtimeEvent): void => {
    const at = Date.parse(time);
    const news = readRealtime(event);
    if (news === null || news.kind === "problem") {
      if (news !== null) log.warn({ meetingId, code: news.code }, "[Transcript] the agent's session reports a problem");
      if (news?.itemId) open.delete(news.itemId);
      return;
    }
    const spokenAt = order.startOf(news.itemId, Number.isFinite(at) ? at : Date.now());
    if (news.kind === "begun") open.add(news.itemId);
    if (news.kind !== "said") return;
    if (news.itemId !== null) open.delete(news.itemId);
    queue.push({
      // An item without a name is told apart by its link and its place there; it cannot be known again as a repeat.
      sourceKey: news.itemId === null ? `${deps.generation}:${++unnamed}` : `${news.speaker}:${news.itemId}`,
      speaker: news.speaker,
      person: news.person,
      text: news.text,
      start: Math.max(0, (spokenAt - callStartedAt) / 1000),
      end: Math.max(0, ((Number.isFinite(at) ? Math.max(at, spokenAt) : spokenAt) - callStartedAt) / 1000),
      spokenAt: new Date(spokenAt),
    });
    storing ??= storeAll().finally(() => (storing = null));
  };

  async function storeAll(): Promise<void> {
    for (let waitMs = 250; queue.length > 0 && !isOusted;) {
      const batch = queue.slice(0, 100);
      try {
        await store(batch);
        queue.splice(0, batch.length);
        waitMs = 250;
      } catch (error) {
        log.warn({ err: error, meetingId, waiting: queue.length }, "[Transcript] cannot be stored yet");
        await sleep(waitMs);
        waitMs = Math.min(longestWaitMs, waitMs * 2);
      }
    }
  }

  async function store(batch: NewSegment[]): Promise<void> {
    const stored = await deps.prisma.$transaction(async (tx) => {
      const [meeting] = await tx.$queryRaw<{ agent_generation: number }[]>`
        SELECT agent_generation FROM meeting WHERE id = ${meetingId}::uuid FOR SHARE`;
      isOusted = meeting?.agent_generation !== deps.generation;
      if (isOusted) return [];
      const news = await storeSegments(tx, meetingId, batch);
      await announce(tx, news);
      return news.flatMap((event) => (event.type === "segment.added" ? [event.data] : []));
    });
    for (const { speaker, sequenceNumber } of stored) {
      log.info({ meetingId, speaker, sequenceNumber }, "[Transcript] stored");
    }
    const last = stored.at(-1);
    if (last !== undefined) ranges.add(stored.length, last.sequenceNumber);
  }

  return {
    hear,
    /** Whether somebody was heard to begin whose words have not come yet. */
    get isWaiting() {
      return open.size > 0;
    },
    /** Whether a newer link has taken over. */
    get isOusted() {
      return isOusted;
    },
    /** Stores everything heard, however long it takes, and tells the last range. */
    async finish(): Promise<void> {
      await storing;
      // What was heard while the last batch was being stored has begun another.
      if (queue.length > 0 && !isOusted) return this.finish();
      await ranges.finish();
    },
  };
}

// Tells the workflow of ranges, not of segments: a signal each would fill its history in a quarter of an hour.
function createRanges({ log, meetingId, onStored }: Deps) {
  let untold = 0;
  let toSequence = 0;
  let timer: NodeJS.Timeout | null = null;
  let telling: Promise<void> = Promise.resolve();

  const tell = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (untold === 0) return;
    untold = 0;
    const upTo = toSequence;
    telling = telling
      .then(() => onStored(upTo))
      .catch((error: unknown) => log.warn({ err: error, meetingId }, "[Transcript] range not signalled"));
  };
  return {
    add(count: number, last: number): void {
      untold += count;
      toSequence = Math.max(toSequence, last);
      if (untold >= rangeEvery) tell();
      else timer ??= setTimeout(tell, rangeEveryMs);
    },
    async finish(): Promise<void> {
      tell();
      await telling;
    },
  };
}
