import type { Logger } from "pino";
import type { Pool } from "pg";
import { cleanProse, cut } from "#domain/text.ts";
import { timing } from "#domain/timing.ts";
import type { OutboxMessage } from "#records/queues/outbox.ts";
import { outboxChannel } from "#records/queues/outbox.ts";
import { nextTryMs, startQueueLoop } from "./queue-loop.ts";

/** What became of a row: done, or not now (tried again later). */
export type Deliver = (message: OutboxMessage) => Promise<void>;

/** Thrown by a delivery that is not to be counted as a failure: the other side is not ready for it yet. */
export class NotYet extends Error {
  readonly waitMs: number;
  constructor(words: string, waitMs = timing.queuePollMs) {
    super(words);
    this.waitMs = waitMs;
  }
}

interface Deps {
  pool: Pool;
  log: Logger;
  deliver: Deliver;
}

interface Row {
  id: string;
  kind: OutboxMessage["kind"];
  payload: never;
  attempts: number;
  created_at: Date;
}

const leaseSeconds = 30;
const mostUnderWay = 50;
const giveUpAfterMs = 24 * 60 * 60_000;

/**
 * Hands the outbox over, row by row, until stopped. Any number of dispatchers may run: rows are leased, and of each
 * partition only the oldest waiting row is due, so order holds. A dispatcher that dies leaves a lease that runs out.
 */
export function startDispatcher({ pool, log, deliver }: Deps): { stop(): Promise<void> } {
  const underWay = new Set<Promise<void>>();

  // A slow delivery holds up its own partition only, and a slot; its end may have freed the partition's next row.
  async function pass(): Promise<boolean> {
    if (underWay.size >= mostUnderWay) return false;
    const rows = await leaseDue(pool, mostUnderWay - underWay.size).catch((error: Error) => {
      log.warn({ err: error }, "outbox cannot be read");
      return [];
    });
    for (const row of rows) {
      const work: Promise<void> = handOver(row).finally(() => {
        underWay.delete(work);
        loop.tell();
      });
      underWay.add(work);
    }
    return rows.length > 0;
  }

  async function handOver(row: Row): Promise<void> {
    try {
      await deliver({ kind: row.kind, payload: row.payload });
      await pool.query(`UPDATE outbox SET state = 'done', done_at = now(), lease_until = NULL WHERE id = $1`, [row.id]);
    } catch (error) {
      await putBack(row, error as Error).catch((problem: Error) =>
        log.warn({ err: problem }, "outbox row stays leased"),
      );
    }
  }

  async function putBack(row: Row, error: Error): Promise<void> {
    const waitMs = error instanceof NotYet ? error.waitMs : nextTryMs(row.attempts);
    const dead = Date.now() - row.created_at.getTime() > giveUpAfterMs;
    const about = { outboxId: row.id, kind: row.kind };
    if (dead) log.error({ err: error, ...about }, "outbox row given up");
    // Waiting for what goes before it is how things go.
    else if (error instanceof NotYet) log.debug({ ...about, waits: error.message }, "outbox row waits");
    else log.warn({ err: error, ...about }, "outbox row not handed over");
    await pool.query(
      `UPDATE outbox SET state = $2, attempts = attempts + 1, error = $3, lease_until = NULL,
              next_at = now() + $4 * interval '1 millisecond', done_at = CASE WHEN $2 = 'dead' THEN now() END
       WHERE id = $1`,
      [row.id, dead ? "dead" : "new", cut(cleanProse(error.message), 1000), waitMs],
    );
  }

  const loop = startQueueLoop({ pool, log, channel: outboxChannel, pass });
  return {
    async stop() {
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}

async function leaseDue(pool: Pool, most: number): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `UPDATE outbox SET lease_until = now() + $1 * interval '1 second'
     WHERE id IN (
       SELECT id FROM outbox AS due
       WHERE state = 'new' AND next_at <= now() AND (lease_until IS NULL OR lease_until < now())
         AND NOT EXISTS (
           SELECT 1 FROM outbox AS earlier
           WHERE earlier.partition_key = due.partition_key AND earlier.state = 'new' AND earlier.id < due.id
         )
       ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id, kind, payload, attempts, created_at`,
    [leaseSeconds, most],
  );
  return rows;
}
