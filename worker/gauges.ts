import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import type { Pool } from "pg";
import { inboxMetrics, outboxMetrics } from "#records/queues/inbox-lists.ts";
import { meetingMetrics } from "#records/meetings/meeting-metrics.ts";
import { recordingMetrics } from "#records/conversations/recording-metrics.ts";
import { botMetrics } from "#records/bot-visits/metrics.ts";
import { channelMetrics } from "#records/channels/metrics.ts";

const deadlineMs = 3_000;
const statementMs = 2_000;
/** One look serves all metrics of a scrape, and scrapers that come at the same time. */
const keepMs = 1_000;

export type StoredMetrics = Awaited<ReturnType<typeof readMetrics>>;

/** Everything that metrics take from the rows, at one instant. */
export async function readMetrics(pool: Pool, linkLimitMs: number) {
  const client = await pool.connect();
  // A connection that hangs is given up with everything asked of it.
  let isCut = false;
  const cut = () => {
    if (!isCut) client.release(true);
    isCut = true;
  };
  const timer = setTimeout(cut, deadlineMs);
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${statementMs}`);
    const metrics = {
      inbox: await inboxMetrics(client),
      outbox: await outboxMetrics(client),
      meetings: await meetingMetrics(client, { linkLimitMs }),
      recordings: await recordingMetrics(client),
      bots: await botMetrics(client),
      channels: await channelMetrics(client),
    };
    await client.query("COMMIT");
    if (!isCut) client.release();
    isCut = true;
    return metrics;
  } finally {
    clearTimeout(timer);
    cut();
  }
}

/** When the newest pass of a schedule completed; null where Temporal remembers none. */
export async function lastPass(
  client: Client,
  workflow: "reconcile" | "autoJoinSweep",
): Promise<{ completedAt: Date | null }> {
  return client.withDeadline(Date.now() + deadlineMs, async () => {
    const query = `WorkflowType = "${workflow}" AND ExecutionStatus = "Completed"`;
    for await (const { closeTime } of client.workflow.list({ query, pageSize: 1 })) {
      return { completedAt: closeTime ?? null };
    }
    return { completedAt: null };
  });
}

/** `read`, at most once at a time and once a second. Null: it failed or took too long; that is logged, never thrown. */
export function perScrape<T>(log: Logger, what: string, read: () => Promise<T>): () => Promise<T | null> {
  let current: Promise<T | null> | null = null;
  const settle = async (): Promise<T | null> => {
    const reading = read();
    const forget = () => setTimeout(() => (current = null), keepMs).unref();
    reading.then(forget, forget);
    try {
      const late = Symbol("late");
      const first = await Promise.race([reading, sleep(deadlineMs, late, { ref: false })]);
      if (first === late) throw new Error(`No answer within ${deadlineMs} ms`);
      return first;
    } catch (error) {
      log.warn({ err: error }, `metrics cannot be read from ${what}`);
      return null;
    }
  };
  return () => (current ??= settle());
}
