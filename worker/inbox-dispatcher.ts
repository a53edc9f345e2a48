import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import type { Pool } from "pg";
import type { ArtefactWorkflow } from "#domain/call-webhook.ts";
import { subjectOf, workflowIdOf } from "#domain/inbox.ts";
import type { ReceivedEvent, SubjectEvent, SubjectKind } from "#domain/inbox.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { readDelivery } from "#domain/senders.ts";
import type { Sender } from "#domain/senders.ts";
import { cleanProse, cut } from "#domain/text.ts";
import type { PrismaClient } from "#records/db.ts";
import { noteParticipant } from "#records/meetings/participants.ts";
import { inboxChannel } from "#records/queues/inbox.ts";
import { orderLostStart } from "#records/runs/new-run.ts";
import type { InboxItem, TaskQueues } from "#workflows/messages.ts";
import type { RunWorkflows } from "#workflows/runs.ts";
import { nextTryMs, startQueueLoop } from "./queue-loop.ts";
import { recipients } from "./recipients.ts";
import { startableRun, startOptions } from "./run-input.ts";

interface Deps {
  pool: Pool;
  prisma: PrismaClient;
  client: Client;
  log: Logger;
  indexed: boolean;
  queues: TaskQueues;
  publicUrl?: string | undefined;
}

/** A leased delivery. Times are the database's. */
interface Row {
  id: string;
  sender: string;
  subjectKind: string | null;
  subjectId: string | null;
  body: Buffer;
  attempts: number;
  received_at: Date;
}

// What a killed dispatcher held waits this long, while a later delivery may end its meeting: not longer than a batch
// takes at worst. One that is handed over twice does no harm.
const leaseSeconds = 10;
const batchSize = 200;
const giveUpAfterMs = 24 * 60 * 60_000;
const deadlineMs = 3_000;

/**
 * Hands the inbox over to its subjects' workflows until stopped: a batch at a time, one signal for all of a subject's
 * deliveries. Any number of dispatchers may run; one that dies leaves leases that run out, and the workflow knows a
 * delivery that comes again by its id.
 */
export function startInbox(deps: Deps): { stop(): Promise<void> } {
  const { pool, log } = deps;
  return startQueueLoop({
    pool,
    log,
    channel: inboxChannel,
    async pass() {
      const rows = await leaseDue(pool).catch((error: Error) => {
        log.warn({ err: error }, "inbox cannot be read");
        return [];
      });
      const groups = Map.groupBy(rows, (row) => `${row.subjectKind}:${row.subjectId}`);
      const reading = readTargets(pool, rows);
      await Promise.all([...groups.values()].map((group) => handOver(deps, group, reading)));
      return rows.length > 0;
    },
  });
}

async function handOver(deps: Deps, rows: Row[], reading: Promise<Map<string, Target>>): Promise<void> {
  const { pool, log } = deps;
  try {
    const { done, late, dead } = await deliver(deps, rows, await reading);
    await settle(pool, done, "done");
    await settle(pool, late, "late");
    await settle(pool, dead, "dead", "The body could not be read as an event of its sender");
    if (dead.length > 0) log.error({ deliveries: dead.map(({ id }) => id) }, "deliveries cannot be read");
  } catch (error) {
    log.warn({ err: error, subjectId: rows[0]?.subjectId }, "deliveries not handed over");
    await putBack(pool, rows, error as Error).catch((problem: Error) =>
      log.warn({ err: problem }, "deliveries stay leased"),
    );
  }
}

async function deliver(
  deps: Deps,
  rows: Row[],
  targets: Map<string, Target>,
): Promise<Record<"done" | "late" | "dead", Row[]>> {
  const dead: Row[] = [];
  const artefacts: Row[] = [];
  const moving: { row: Row; received: ReceivedEvent }[] = [];
  for (const row of rows) {
    const received = readDelivery(row.sender as Sender, row.body.toString("utf8"));
    if (received === null) dead.push(row);
    else if (received.route === "subject" || received.route === "nowhere") moving.push({ row, received });
    else {
      await startArtefact(deps, row, received.route);
      artefacts.push(row);
    }
  }
  const movingRows = moving.map(({ row }) => row);
  const [first] = moving;
  const subject = first === undefined ? null : subjectOf(first.row);
  if (subject === null) return { done: [...artefacts, ...movingRows], late: [], dead };

  const workflowId = workflowIdOf(subject);
  const target = targets.get(workflowId);
  // Deleted, or over: whoever would want to know is gone. No call to Temporal, which would start a ghost.
  if (target === undefined || isFinal(target.status)) return { done: artefacts, late: movingRows, dead };
  const { agentId } = target;
  for (const { received } of moving) {
    if (received.came && received.came.id !== agentId) await noteParticipant(deps.prisma, subject.id, received.came);
  }
  const items = moving.flatMap(({ row, received }): InboxItem<SubjectEvent>[] => {
    const event = received.eventAt((received.occurredAt ?? row.received_at).getTime(), agentId);
    return event === null ? [] : [{ id: row.id, event }];
  });
  if (items.length > 0) {
    await signalRun(deps, { workflowId, kind: subject.kind, items }).catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      return startRun(deps, { workflowId, kind: subject.kind, items }, rows);
    });
  }
  return { done: [...artefacts, ...movingRows], late: [], dead };
}

interface News {
  workflowId: string;
  kind: SubjectKind;
  items: InboxItem<SubjectEvent>[];
}

function signalRun({ client }: Deps, { workflowId, kind, items }: News): Promise<void> {
  return withDeadline(client, () => client.workflow.getHandle(workflowId).signal(recipients[kind].signal, items));
}

// The first webhook may come before the order to start the workflow was handed over; a closed one is never begun anew.
async function startRun({ client, ...deps }: Deps, { workflowId, kind, items }: News, rows: Row[]): Promise<void> {
  const run = await startableRun(deps.prisma, { workflowId });
  if (run === null) throw new Error(`${workflowId} was deleted meanwhile`);
  const { workflow, signal } = recipients[kind];
  try {
    await withDeadline(client, () =>
      client.workflow.signalWithStart<RunWorkflows[keyof RunWorkflows], [InboxItem<SubjectEvent>[]]>(workflow, {
        ...startOptions(deps, run),
        signal,
        signalArgs: [items],
        workflowIdReusePolicy: "REJECT_DUPLICATE",
      }),
    );
  } catch (error) {
    // The run is not over, yet its workflow has closed: it was lost or ended from outside, and is started anew. What it
    // is to be told waits until then.
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      await deps.prisma.$transaction((tx) => orderLostStart(tx, run, rows[0]?.id ?? ""));
    }
    throw error;
  }
}

// It comes when the meeting may be over for long: it has a workflow of its own, one per delivery.
async function startArtefact({ client, queues }: Deps, row: Row, workflow: ArtefactWorkflow): Promise<void> {
  try {
    await withDeadline(client, () =>
      client.workflow.start(workflow, {
        workflowId: `${workflow}:${row.subjectId}:${row.id}`,
        taskQueue: queues.light,
        args: [{ meetingId: row.subjectId, deliveryId: row.id }],
        // A replay may mend what failed, and does not repeat what worked.
        workflowIdReusePolicy: "ALLOW_DUPLICATE_FAILED_ONLY",
        staticSummary: `${workflow} ${row.subjectId}`,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

const withDeadline = <T>(client: Client, call: () => Promise<T>) => client.withDeadline(Date.now() + deadlineMs, call);

/** Whom deliveries are for, by the workflow's id; of a subject that is gone there is none. */
interface Target {
  status: RunStatus;
  /** Our own agent at the subject, whose coming and leaving is no news; null: there is none. */
  agentId: string | null;
}

/** One question for a whole batch: on a busy machine a question for each subject takes longer than telling it. */
async function readTargets(pool: Pool, rows: Row[]): Promise<Map<string, Target>> {
  const subjects = rows.map(subjectOf).filter((subject) => subject !== null);
  if (subjects.length === 0) return new Map();
  const { rows: found } = await pool.query<Target & { workflowId: string }>({
    name: "inbox-targets",
    text: `SELECT run.workflow_id AS "workflowId", run.status, meeting.agent_id AS "agentId"
           FROM run LEFT JOIN meeting ON meeting.id = run.conversation_id AND run.kind = 'meeting'
           WHERE run.workflow_id = ANY($1)`,
    values: [[...new Set(subjects.map(workflowIdOf))]],
  });
  return new Map(found.map(({ workflowId, ...target }) => [workflowId, target]));
}

async function leaseDue(pool: Pool): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `UPDATE webhook_delivery SET lease_until = now() + $1 * interval '1 second'
     WHERE id IN (
       SELECT id FROM webhook_delivery
       WHERE state = 'new' AND next_at <= now() AND (lease_until IS NULL OR lease_until < now())
       ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED)
     RETURNING id, sender, subject_kind AS "subjectKind", subject_id AS "subjectId", body, attempts, received_at`,
    [leaseSeconds, batchSize],
  );
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function settle(pool: Pool, rows: Row[], state: "done" | "late" | "dead", error?: string): Promise<void> {
  if (rows.length === 0) return;
  await pool.query(
    `UPDATE webhook_delivery SET state = $2, done_at = now(), lease_until = NULL, error = $3 WHERE id = ANY($1)`,
    [rows.map(({ id }) => id), state, error ?? null],
  );
}

async function putBack(pool: Pool, rows: Row[], error: Error): Promise<void> {
  for (const { id, attempts, received_at } of rows) {
    const waitMs = nextTryMs(attempts);
    const isDead = Date.now() - received_at.getTime() > giveUpAfterMs;
    await pool.query(
      `UPDATE webhook_delivery SET state = $2, attempts = attempts + 1, error = $3, lease_until = NULL,
              next_at = now() + $4 * interval '1 millisecond', done_at = CASE WHEN $2 = 'dead' THEN now() END
       WHERE id = $1`,
      [id, isDead ? "dead" : "new", cut(cleanProse(error.message), 1000), waitMs],
    );
  }
}
