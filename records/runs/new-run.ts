import { priorityOfKind } from "#domain/priorities.ts";
import type { Priority } from "#domain/priorities.ts";
import { newRun } from "#domain/run.ts";
import type { RunKind, Stage } from "#domain/stages.ts";
import type { Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { newId } from "../ids.ts";
import { enqueue } from "../queues/outbox.ts";
import { runAnnouncements } from "./runs.ts";

export interface RunOrder {
  kind: RunKind;
  stage: Stage;
  workflowId: string;
  /** What it works on; its title and owner are the run's. */
  conversationId: string | null;
  /** Of a video's run, a backfill's and a cut's. */
  channelId?: string;
  /** The backfill's run that put a video in line. */
  backfillId?: string;
  title: string;
  ownerId: string | null;
  workspaceId: string;
  /** Left out, its kind's. */
  priority?: Priority;
}

/**
 * A run with the order to start its workflow and the news of it, in the transaction of what asked for it. `waits` says
 * in words what its start is ordered by later.
 */
export async function createRun(tx: Tx, order: RunOrder, { waits }: { waits?: string } = {}): Promise<string> {
  const id = newId();
  const begun = newRun(order.kind, order.stage);
  const state = { ...begun, message: waits ?? begun.message };
  const { status, message } = state;
  const priority = order.priority ?? priorityOfKind[order.kind];
  const { title } = await tx.run.create({ data: { id, ...order, priority, status, message }, select: { title: true } });
  if (waits === undefined) await orderStart(tx, id, 1);
  await announce(tx, runAnnouncements({ ...order, id, title }, state, "run.created"));
  return id;
}

/** Notes that a run's workflow must start for this attempt; noting it again changes nothing. */
export const orderStart = (tx: Tx, runId: string, attempt: number): Promise<void> =>
  enqueue(tx, {
    kind: "run.start",
    payload: { runId, attempt },
    dedupeKey: `run.start:${runId}:${attempt}`,
    partitionKey: runId,
  });

/**
 * Orders an attempt's workflow anew, since the one that worked on it is gone though the run is not over. `because`
 * names what showed it: the same reason orders once. Nothing where a start waits to be handed over anyway.
 */
export async function orderLostStart(
  tx: Tx,
  { id: runId, attempt }: { id: string; attempt: number },
  because: string,
): Promise<void> {
  const waiting = await tx.outbox.count({ where: { partitionKey: runId, kind: "run.start", state: "new" } });
  if (waiting > 0) return;
  await enqueue(tx, {
    kind: "run.start",
    payload: { runId, attempt, lost: true },
    dedupeKey: `run.start:${runId}:${attempt}:lost:${because}`,
    partitionKey: runId,
  });
}
