import type { LiveEvent, LiveEventData, LiveEventType } from "#domain/live.ts";
import { beforeCommit } from "#prisma/before-commit.ts";
import type { Db, Tx } from "../db.ts";

/** One thing to tell the watchers of one topic. */
export type Announcement = {
  [Type in LiveEventType]: { topic: string; type: Type; data: LiveEventData[Type] };
}[LiveEventType];

/** The same news for every one of the topics. */
export const announcementsFor = <Type extends LiveEventType>(
  topics: readonly string[],
  type: Type,
  data: LiveEventData[Type],
) =>
  // What fits one type fits the union of all; the compiler does not see that of a type it does not know yet.
  topics.map((topic) => ({ topic, type, data }) as Announcement);

/** The Postgres channel on which every web process hears `<topic> <seq>` after a commit. */
export const liveChannel = "live";

const collected = new WeakMap<Tx, Announcement[]>();

/**
 * Tells of a change in its own transaction: events are collected, and written together last before the commit. However
 * often a transaction announces, it locks each topic once, in sorted order, so two writers cannot wait for each other.
 */
export async function announce(tx: Tx, announcements: Announcement[]): Promise<void> {
  const sooner = collected.get(tx);
  if (sooner !== undefined) {
    sooner.push(...announcements);
    return;
  }
  const all = [...announcements];
  const flush = () => {
    collected.delete(tx);
    return write(tx, all);
  };
  if (beforeCommit(tx, flush)) collected.set(tx, all);
  else await write(tx, all);
}

/**
 * Writes events to the feed. The counter row of each topic stays locked until commit, so numbers become visible in order
 * and without gaps: a reader that asks for `seq > last` misses nothing.
 */
async function write(tx: Tx, announcements: Announcement[]): Promise<void> {
  if (announcements.length === 0) return;
  const entries = JSON.stringify(announcements.map((each, position) => ({ ...each, position })));
  await tx.$queryRaw`
    WITH entry AS (
      SELECT * FROM jsonb_to_recordset(${entries}::jsonb) AS e(position int, topic text, type text, data jsonb)
    ), counted AS (
      SELECT topic, count(*) AS number FROM entry GROUP BY topic
    ), counter AS (
      INSERT INTO live_topic (topic, seq) SELECT topic, number FROM counted ORDER BY topic
      ON CONFLICT (topic) DO UPDATE SET seq = live_topic.seq + EXCLUDED.seq
      RETURNING topic, seq
    ), stored AS (
      INSERT INTO live_event (topic, seq, type, data, at)
      SELECT e.topic,
             counter.seq - counted.number + row_number() OVER (PARTITION BY e.topic ORDER BY e.position),
             e.type, e.data, clock_timestamp()
      FROM entry e JOIN counted USING (topic) JOIN counter USING (topic)
      RETURNING topic, seq
    )
    SELECT pg_notify(${liveChannel}, topic || ' ' || max(seq))::text AS told FROM stored GROUP BY topic ORDER BY topic`;
}

/** Events of a topic after number `after`, oldest first, at most `limit`. */
export async function readEvents(db: Db, topic: string, after: number, limit: number): Promise<LiveEvent[]> {
  const rows = await db.liveEvent.findMany({
    where: { topic, seq: { gt: after } },
    orderBy: { seq: "asc" },
    take: limit,
  });
  // Rows are what `announce` wrote, which took nothing else.
  return rows.map(
    ({ seq, type, data, at }) => ({ topic, seq: Number(seq), type, data, at: at.toISOString() }) as LiveEvent,
  );
}

/** The number of the topic's newest event; 0 where nothing was ever told. */
export async function headOf(db: Db, topic: string): Promise<number> {
  const row = await db.liveTopic.findUnique({ where: { topic } });
  return Number(row?.seq ?? 0);
}
