import { randomUUID } from "node:crypto";
import { Worker } from "@temporalio/worker";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { createPrisma } from "#prisma/client.ts";
import type { Meeting, Run } from "#prisma/generated/client.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { storeDelivery } from "#records/queues/inbox.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { measureQueries } from "#records/query-times.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import { addPerson } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { testTemporal } from "#tests/setup/temporal.ts";
import { cuttableProxy } from "#tests/web/cuttable-proxy.ts";
import { lastPass } from "#worker/gauges.ts";
import { valuesIn, worker } from "./scrape.ts";

const minute = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);

/** Meetings as their rows stand after whatever became of them. */
async function meetings(db: TestDatabase) {
  const { prisma } = db;
  const { userId, workspaceId } = await addPerson(prisma);
  const draft = { name: "Ada", instructions: "", voice: "alloy", blueprint: {} };
  const agentId = await createAgent(prisma, { userId, workspaceId, ...draft });
  return async (meeting: Partial<Meeting>, run: Partial<Run>, words = 0) => {
    const order = { userId, workspaceId, agentId, name: "A talk", prompt: "", scheduledAt: null, durationMinutes: 30 };
    const created = await createMeeting(prisma, { ...order, provider: "stream" });
    if (!created.ok) throw new Error(created.reason);
    const { progress: _, ...columns } = meeting;
    await prisma.meeting.update({ where: { id: created.id }, data: columns });
    const { warnings: __, ...state } = run;
    await prisma.run.updateMany({ where: { conversationId: created.id }, data: state });
    const said = Array.from({ length: words }, (_, at) => ({
      sourceKey: `${at}`,
      speaker: "user",
      text: "x",
      start: at,
      end: at,
    }));
    await prisma.$transaction((tx) => storeSegments(tx, created.id, said));
    return created.id;
  };
}

/** A call of half an hour that was over `endedAgo` ago. */
const call = (endedAgo: number): Partial<Meeting> => ({
  startedAt: ago(endedAgo + 30 * minute),
  lastStartedAt: ago(endedAgo + 30 * minute),
  endedAt: ago(endedAgo),
  agentGeneration: 1,
  agentState: "left",
});

const failed = {
  status: "failed",
  errorCode: "provider_answer",
  errorMessage: "No.",
  errorStage: "summary",
  errorAttempt: 1,
};

// Each has a database of its own, and several wait for figures to become stale: they run beside one another.
test.concurrent("A-121 A-123 meetings count by outcome over an hour and a day, and those without a word show", async () => {
  await using db = await testDatabase();
  const add = await meetings(db);
  const completed = { status: "completed", stage: "done", percent: 100 };
  await add(call(10 * minute), { ...completed, finishedAt: ago(9 * minute) }, 3);
  await add(call(20 * minute), { ...completed, finishedAt: ago(19 * minute) });
  await add(call(300 * minute), { ...completed, finishedAt: ago(299 * minute) }, 2);
  await add(call(30 * minute), { ...failed, stage: "summary", finishedAt: ago(29 * minute) }, 1);
  const unheard = { ...failed, stage: "drain", errorCode: "not_heard" };
  await add(call(40 * minute), { ...unheard, finishedAt: ago(39 * minute) });
  await add({}, { status: "cancelled", finishedAt: ago(5 * minute) });
  await add(call(3000 * minute), { ...completed, finishedAt: ago(2999 * minute) });
  await add({ ...call(0), endedAt: null, agentState: "reconnecting" }, { status: "active", stage: "call" });
  await add({}, {});
  using at = await worker(db);
  const { value } = await at.scrape();
  const finished = (outcome: string, window: string) =>
    value(`convene_meetings_finished{outcome="${outcome}",window="${window}"}`);
  expect([finished("completed", "1h"), finished("failed", "1h"), finished("cancelled", "1h")]).toEqual([2, 1, 1]);
  expect(finished("not_heard", "1h")).toBe(1);
  expect([finished("completed", "1d"), finished("failed", "1d"), finished("cancelled", "1d")]).toEqual([3, 1, 1]);
  expect(value('convene_meetings_without_words{window="1h"}')).toBe(1);
  expect(value('convene_meetings_without_words{window="1d"}')).toBe(1);
  expect(value("convene_meeting_segments")).toBe(6);
  expect(value('convene_meetings{status="active"}')).toBe(1);
  expect(value('convene_meetings{status="pending"}')).toBe(1);
  expect(value('convene_meetings{status="processing"}')).toBe(0);
  expect(value('convene_agents{state="reconnecting"}')).toBe(1);
  expect(value('convene_agents{state="present"}')).toBe(0);
});

test.concurrent("A-114 A-122 the last hour's times are a histogram, counted from whichever end of the call came first", async () => {
  await using db = await testDatabase();
  const add = await meetings(db);
  const end = ago(10 * minute);
  const after = (seconds: number) => new Date(end.getTime() + seconds * 1000);
  const done = (seconds: number) => ({
    status: "completed",
    stage: "done",
    percent: 100,
    finishedAt: after(seconds),
  });
  const base = { ...call(10 * minute), endedAt: end };
  // Left by the page's button; the provider told its own end 8 seconds later.
  await add({ ...base, leftAt: end, endedAt: after(8), processingStartedAt: after(0.2) }, done(12));
  await add({ ...base, processingStartedAt: after(0.7) }, done(40));
  // The provider's clock is ahead of ours.
  await add({ ...base, processingStartedAt: after(-3) }, done(4));
  // An end of an earlier session of the same call, and a retry days later: neither tells of the machine.
  await add({ ...base, leftAt: ago(90 * minute), processingStartedAt: after(0.2) }, { ...done(300), attempt: 2 });
  await add(base, { ...failed, finishedAt: after(2) });
  using at = await worker(db);
  for (const round of [1, 2]) {
    const { value } = await at.scrape();
    expect([round, value("convene_meeting_processing_seconds_count")]).toEqual([round, 3]);
    expect(value("convene_meeting_processing_seconds_sum")).toBeCloseTo(56, 1);
    expect(value('convene_meeting_processing_seconds_bucket{le="15"}')).toBe(2);
    expect(value("convene_meeting_processing_start_seconds_count")).toBe(4);
    expect(value('convene_meeting_processing_start_seconds_bucket{le="0.25"}')).toBe(3);
    await db.pool.query("SELECT pg_sleep(1.1)");
  }
});

test.concurrent("agents' links tell losses from roll-overs by the age of the call", async () => {
  await using db = await testDatabase();
  const add = await meetings(db);
  const active = { status: "active", stage: "call" };
  const begun = (minutes: number) => ({ startedAt: ago(minutes * minute), lastStartedAt: ago(minutes * minute) });
  // Two hours: two roll-overs are due; a fourth and a fifth link were losses.
  await add({ ...begun(115), agentGeneration: 5, agentState: "present" }, active);
  const id = await add({ ...begun(20), agentGeneration: 3, agentState: "present" }, active);
  const away = { conversationId: id, reason: "lost" };
  await db.prisma.callAbsence.createMany({
    data: [
      { ...away, startedAt: ago(19 * minute), endedAt: ago(18 * minute) },
      { ...away, startedAt: ago(200 * minute), endedAt: ago(199.5 * minute) },
    ],
  });
  await add({ ...begun(10), agentGeneration: 1, agentState: "failed" }, active);
  await add({ ...begun(5), agentGeneration: 0 }, active);
  using at = await worker(db);
  const { value } = await at.scrape();
  const links = (window: string) =>
    ["connected", "reconnect", "rollover", "failed"].map((kind) =>
      value(`convene_agent_links{kind="${kind}",window="${window}"}`),
    );
  expect(links("1h")).toEqual([2, 2, 0, 1]);
  expect(links("1d")).toEqual([3, 4, 2, 1]);
  const lost = (figure: string, window: string) => value(`convene_call_${figure}{reason="lost",window="${window}"}`);
  expect([lost("absences", "1h"), lost("absences", "1d")]).toEqual([1, 2]);
  expect([lost("absence_seconds", "1h"), lost("absence_seconds", "1d")]).toEqual([60, 90]);
});

test.concurrent("inbox and outbox show counts by state and the age of the oldest that waits", async () => {
  await using db = await testDatabase();
  using at = await worker(db);
  await expect.poll(async () => (await at.scrape()).value("convene_database_up")).toBe(1);
  const empty = await at.scrape();
  expect(empty.value("convene_inbox_oldest_waiting_seconds")).toBe(0);
  expect(empty.value('convene_inbox_deliveries{state="dead"}')).toBe(0);
  for (const state of ["new", "new", "dead"]) {
    const dedupeKey = randomUUID();
    const shared = { headers: {}, body: Buffer.from("{}"), occurredAt: null, wanted: true };
    await storeDelivery(db.pool, { sender: "stream", dedupeKey, subject: null, type: "call.ended", ...shared });
    await db.prisma.webhookDelivery.updateMany({ where: { dedupeKey }, data: { state, receivedAt: ago(2 * minute) } });
  }
  const row = { kind: "run.cancel", partitionKey: "a", payload: {} };
  const since = { createdAt: ago(3 * minute), nextAt: ago(3 * minute) };
  await db.prisma.outbox.create({ data: { ...row, id: randomUUID(), dedupeKey: "1", ...since } });
  await db.prisma.outbox.create({ data: { ...row, id: randomUUID(), dedupeKey: "2", state: "dead" } });
  // What was read a moment ago is given out once more.
  await expect.poll(async () => (await at.scrape()).value('convene_outbox_rows{state="dead"}')).toBe(1);
  const { value } = await at.scrape();
  expect(value('convene_inbox_deliveries{state="new"}')).toBe(2);
  expect(value('convene_inbox_deliveries{state="dead"}')).toBe(1);
  expect(value("convene_inbox_oldest_waiting_seconds")).toBeGreaterThanOrEqual(120);
  expect(value("convene_inbox_oldest_waiting_seconds")).toBeLessThan(180);
  expect(value("convene_outbox_oldest_waiting_seconds")).toBeGreaterThanOrEqual(180);
  expect(value('convene_outbox_rows{state="dead"}')).toBe(1);
});

test.concurrent("with Postgres cut off or locked, and Temporal away, a scrape answers in time and shows nothing stale", async ({
  expect,
}) => {
  await using db = await testDatabase();
  await using line = await cuttableProxy(db.url);
  const database = createPrisma({ url: line.url });
  try {
    using at = await worker({ pool: database.pool });
    const state = async () => (await at.scrape()).value("convene_database_up");
    await expect.poll(state, { timeout: 20_000 }).toBe(1);
    const before = await at.scrape();
    expect(before.value("convene_temporal_up")).toBe(0);
    expect(before.value("convene_reconcile_last_pass_timestamp_seconds")).toBeNaN();

    const blocker = await db.pool.connect();
    await blocker.query("BEGIN; LOCK TABLE webhook_delivery");
    await expect.poll(state, { timeout: 20_000 }).toBe(0);
    const scraped = await at.scrape();
    expect(scraped.status).toBe(200);
    // Prometheus gives up after 10.
    expect(scraped.ms).toBeLessThan(8_000);
    expect(scraped.value('convene_inbox_deliveries{state="new"}')).toBeUndefined();
    expect(scraped.value("convene_inbox_oldest_waiting_seconds")).toBeNaN();
    expect(scraped.value("convene_meeting_processing_seconds_count")).toBeUndefined();
    await blocker.query("ROLLBACK");
    blocker.release();
    await expect.poll(state, { timeout: 20_000 }).toBe(1);

    line.cut();
    await expect.poll(state, { timeout: 20_000 }).toBe(0);
    line.mend();
    await expect.poll(state, { timeout: 20_000 }).toBe(1);
    expect((await at.scrape()).value('convene_inbox_deliveries{state="new"}')).toBe(0);
  } finally {
    await database.close();
  }
});

test.concurrent("the newest reconcile pass that completed is Temporal's own knowledge", async ({ expect }) => {
  await using db = await testDatabase();
  await using temporal = await testTemporal();
  const runner = await Worker.create({
    connection: temporal.nativeConnection,
    namespace: temporal.namespace,
    workflowBundle: temporal.workflowBundle,
    taskQueue: temporal.taskQueue,
    activities: { reconcileMeetings: async () => {} },
  });
  const startedAt = Date.now();
  await runner.runUntil(
    temporal.client.workflow.execute("reconcile", {
      workflowId: `reconcile-${randomUUID()}`,
      taskQueue: temporal.taskQueue,
    }),
  );
  const completedAt = async () => (await lastPass(temporal.client, "reconcile")).completedAt?.getTime() ?? 0;
  await expect.poll(completedAt, { timeout: 20_000 }).toBeGreaterThanOrEqual(startedAt - 1_000);
  using at = await worker({ pool: db.pool, client: temporal.client });
  const { value } = await at.scrape();
  expect(value("convene_temporal_up")).toBe(1);
  expect(value("convene_reconcile_last_pass_timestamp_seconds")).toBeGreaterThanOrEqual(startedAt / 1000 - 1);
});

test.concurrent("A-124 every statement is timed by what it does: Prisma's, the pool's, those in transactions and those that fail", async () => {
  await using db = await testDatabase();
  const database = createPrisma({ url: db.url });
  const registry = new Registry();
  measureQueries(registry, database.pool);
  const count = async (operation: string) =>
    valuesIn(await registry.metrics()).get(`convene_database_query_seconds_count{operation="${operation}"}`);
  try {
    expect(await count("select")).toBe(0);
    await database.prisma.user.count();
    await database.pool.query("SELECT 1");
    expect(await count("select")).toBe(2);
    await database.prisma.$transaction((tx) => tx.user.deleteMany());
    expect([await count("begin"), await count("delete"), await count("commit")]).toEqual([1, 1, 1]);
    await expect(database.pool.query("SELECT * FROM nowhere")).rejects.toThrow('relation "nowhere" does not exist');
    expect(await count("select")).toBe(3);
    await database.pool.query({ name: "named", text: "UPDATE run SET attempt = $1 WHERE false", values: [1] });
    expect(await count("update")).toBe(1);
    await database.pool.query("SET statement_timeout = 0");
    expect(await count("other")).toBe(1);
    const text = await registry.metrics();
    expect(text).toContain('convene_database_connections{state="open"}');
  } finally {
    await database.close();
  }
});
