import type { Pool } from "pg";
import { meetingIdOfSubject, subjectOf, workflowIdOf } from "#domain/inbox.ts";
import type { Sender } from "#domain/senders.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "../db.ts";
import { maskedBody, maskedValue } from "./delivery-mask.ts";
import { replayAction } from "./inbox-replay.ts";

/** What can have become of a delivery, in the order in which operators care. */
export const deliveryStates = ["new", "dead", "late", "done", "ignored"] as const;
export type DeliveryState = (typeof deliveryStates)[number];
const outboxStates = ["new", "dead", "done", "dropped"] as const;

/** Counting stops here: to count every settled row would read the whole table each time somebody looks. */
export const mostCounted = 10_000;

/** How many rows of a queue are in each state (`mostCounted` at most), and how long the oldest that waits has waited. */
export interface QueueMetrics<State extends string> {
  counts: Record<State, number>;
  /** Null: nothing waits. */
  oldestWaitingSeconds: number | null;
}

type Queries = Pick<Pool, "query">;

export const inboxMetrics = (database: Queries) =>
  queueMetrics(database, { table: "webhook_delivery", since: "received_at", states: deliveryStates });

export const outboxMetrics = (database: Queries) =>
  // What is in line for later does not wait yet; what could not be done at once has waited from its begin.
  queueMetrics(database, {
    table: "outbox",
    since: "greatest(created_at, CASE WHEN attempts = 0 THEN next_at END)",
    states: outboxStates,
  });

// Each state by its name in the statement, so that Postgres knows which are rare and reads those by their index.
async function queueMetrics<State extends string>(
  database: Queries,
  { table, since, states }: { table: string; since: string; states: readonly State[] },
): Promise<QueueMetrics<State>> {
  const counts = states.map(
    (
      state,
    ) => `(SELECT count(*)::int FROM (SELECT FROM ${table} WHERE state = '${state}' LIMIT ${mostCounted}) AS counted)
                AS "${state}"`,
  );
  const { rows } = await database.query<Record<State, number> & { age: number | null }>(
    `SELECT ${counts.join(", ")},
            (SELECT extract(epoch FROM now() - min(least(now(), ${since})))::float8 FROM ${table} WHERE state = 'new') AS age`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`${table} gave no metrics`);
  const { age, ...perState } = row;
  return { counts: perState as unknown as Record<State, number>, oldestWaitingSeconds: age };
}

export interface InboxQuery {
  state: DeliveryState | null;
  sender: Sender | null;
  meetingId: string | null;
  /** The id of the last delivery of the page before, or null for the first page. */
  cursor: string | null;
  limit: number;
}

const listed = {
  id: true,
  sender: true,
  type: true,
  subjectKind: true,
  subjectId: true,
  state: true,
  attempts: true,
  error: true,
  occurredAt: true,
  receivedAt: true,
  nextAt: true,
  doneAt: true,
} satisfies Prisma.WebhookDeliverySelect;
type Listed = Prisma.WebhookDeliveryGetPayload<{ select: typeof listed }>;

function shown<Row extends Listed>({ subjectKind, subjectId, ...row }: Row) {
  return { ...row, meetingId: meetingIdOfSubject(subjectOf({ subjectKind, subjectId })) };
}

/** Deliveries, the newest first: ids are made in order of arrival, and a replay does not move its row. */
export async function listDeliveries(db: Db, { state, sender, meetingId, cursor, limit }: InboxQuery) {
  const rows = await db.webhookDelivery.findMany({
    where: {
      ...(state === null ? {} : { state }),
      ...(sender === null ? {} : { sender }),
      ...(meetingId === null ? {} : { subjectKind: "meeting", subjectId: meetingId }),
      ...(cursor === null ? {} : { id: { lt: cursor } }),
    },
    select: listed,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(shown);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** One delivery for those who operate the server: what became of it, and its body with every word of people masked. */
export async function deliveryDetail(db: Db, id: string) {
  const row = await db.webhookDelivery.findUnique({ where: { id }, select: { ...listed, headers: true, body: true } });
  if (row === null) return null;
  const { headers, body, ...delivery } = row;
  const subject = subjectOf(delivery);
  const run =
    subject === null
      ? null
      : await db.run.findUnique({
          where: { workflowId: workflowIdOf(subject) },
          select: { id: true, status: true, workflowId: true },
        });
  const replays = await db.auditEntry.findMany({
    where: { workspaceId: null, action: replayAction, subject: id },
    select: { at: true, actor: { select: { id: true, name: true } } },
    orderBy: { id: "desc" },
    take: 20,
  });
  return {
    ...shown(delivery),
    sizeBytes: body.byteLength,
    headers: maskedValue(headers),
    body: maskedBody(Buffer.from(body)),
    run,
    replays: replays.map(({ at, actor }) => ({ at, by: actor })),
  };
}

/** What could not be handed to Temporal for a day and waits for a person, the newest first. */
export async function deadOutbox(db: Db, limit = 50) {
  return db.outbox.findMany({
    where: { state: "dead" },
    select: { id: true, kind: true, partitionKey: true, attempts: true, error: true, createdAt: true, doneAt: true },
    orderBy: { id: "desc" },
    take: limit,
  });
}
