import { pino } from "pino";
import { expect, test } from "vitest";
import { enqueue } from "#records/queues/outbox.ts";
import { newId } from "#records/ids.ts";
import type { OutboxMessage } from "#records/queues/outbox.ts";
import { NotYet, startDispatcher } from "#worker/outbox-dispatcher.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

const log = pino({ level: "silent" });

const order = (db: TestDatabase, partitionKey: string, dedupeKey = newId()) =>
  db.prisma.$transaction((tx) =>
    enqueue(tx, { kind: "run.cancel", payload: { runId: dedupeKey }, dedupeKey, partitionKey }),
  );

function dispatcher(db: TestDatabase, deliver: (runId: string) => Promise<void>) {
  const started = startDispatcher({
    pool: db.pool,
    log,
    deliver: (message: OutboxMessage) => deliver((message.payload as { runId: string }).runId),
  });
  return { [Symbol.asyncDispose]: () => started.stop() };
}

test("every row is handed over once, also by three dispatchers at the same time", async () => {
  await using db = await testDatabase();
  const delivered: string[] = [];
  const deliver = async (runId: string) => void delivered.push(runId);
  await using first = dispatcher(db, deliver);
  await using second = dispatcher(db, deliver);
  await using third = dispatcher(db, deliver);
  const keys = Array.from({ length: 60 }, (_, at) => `row-${at}`);
  for (const key of keys) await order(db, key, key);
  await expect.poll(() => delivered.length, { timeout: 20_000 }).toBe(60);
  await expect.poll(() => db.prisma.outbox.count({ where: { state: "done" } })).toBe(60);
  expect(new Set(delivered).size).toBe(60);
  expect([first, second, third]).toHaveLength(3);
});

test("rows of one partition go out in order, and a row that fails holds back those behind it only", async () => {
  await using db = await testDatabase();
  const delivered: string[] = [];
  let failures = 2;
  for (const key of ["a1", "a2", "a3"]) await order(db, "a", key);
  await order(db, "b", "b1");
  await using running = dispatcher(db, async (runId) => {
    if (runId === "a1" && failures > 0) {
      failures -= 1;
      throw new NotYet("not ready");
    }
    delivered.push(runId);
  });
  await expect.poll(() => delivered.length, { timeout: 20_000 }).toBe(4);
  expect(delivered[0]).toBe("b1");
  expect(delivered.slice(1)).toEqual(["a1", "a2", "a3"]);
  expect(running).toBeDefined();
});

test("the lease of a dispatcher that died runs out, and another one hands the row over", async () => {
  await using db = await testDatabase();
  await order(db, "a", "orphan");
  await db.prisma.outbox.updateMany({ data: { leaseUntil: new Date(Date.now() + 1_500) } });
  const delivered: string[] = [];
  await using running = dispatcher(db, async (runId) => void delivered.push(runId));
  await expect.poll(() => delivered, { timeout: 20_000 }).toEqual(["orphan"]);
  expect(running).toBeDefined();
});

test("a row that could not be handed over for a day is dead, with its last error, whatever that holds", async () => {
  await using db = await testDatabase();
  await order(db, "a", "hopeless");
  await db.prisma.outbox.updateMany({ data: { createdAt: new Date(Date.now() - 25 * 3_600_000) } });
  await using running = dispatcher(db, async () => {
    throw new Error("nobody\0 there");
  });
  const row = () => db.prisma.outbox.findFirstOrThrow();
  await expect.poll(async () => (await row()).state, { timeout: 20_000 }).toBe("dead");
  expect(await row()).toMatchObject({ error: "nobody there", attempts: 1 });
  expect(running).toBeDefined();
});
