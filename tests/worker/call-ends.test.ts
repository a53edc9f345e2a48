import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import { notifyCallEnd } from "#records/meetings/call-ends.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { createCallEnds } from "#worker/call-ends.ts";

const log = pino({ level: "silent" });
const [ours, another] = ["019ac000-0000-7000-8000-000000000001", "019ac000-0000-7000-8000-000000000002"];

/** The server's connections that wait for notices in this database. */
const listeners = async ({ prisma }: TestDatabase) => {
  const rows = await prisma.$queryRaw<{ pid: number }[]>`
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN call_ends'`;
  return rows.map(({ pid }) => pid);
};

const heard = (waiting: Promise<void>) => Promise.race([waiting.then(() => true), sleep(300).then(() => false)]);

test("a call's end is heard once it is committed, by those who wait for that call", async () => {
  await using db = await testDatabase();
  const callEnds = createCallEnds({ pool: db.pool, log });
  const done = new AbortController();
  const [one, two, other] = [ours, ours, another].map((id) => callEnds.wait(id, done.signal));
  await expect.poll(() => listeners(db)).toHaveLength(1);
  const undone = db.prisma.$transaction(async (tx) => {
    await notifyCallEnd(tx, ours);
    throw new Error("not this time");
  });
  await expect(undone).rejects.toThrow("not this time");
  expect(await heard(one!)).toBe(false);
  await db.prisma.$transaction((tx) => notifyCallEnd(tx, ours));
  await Promise.all([one, two]);
  expect(await heard(other!)).toBe(false);
  done.abort();
  await expect.poll(() => listeners(db)).toEqual([]);
});

test("nobody who has left is woken, and the connection is there again for the next one and after a loss", async () => {
  await using db = await testDatabase();
  const callEnds = createCallEnds({ pool: db.pool, log });
  const gone = new AbortController();
  const left = callEnds.wait(ours, gone.signal);
  gone.abort();
  expect(await heard(callEnds.wait(ours, gone.signal))).toBe(false);
  const done = new AbortController();
  const next = callEnds.wait(ours, done.signal);
  await expect.poll(() => listeners(db)).toHaveLength(1);
  const [pid] = await listeners(db);
  await db.prisma.$queryRaw`SELECT pg_terminate_backend(${pid}::int)`;
  await expect.poll(async () => (await listeners(db)).filter((each) => each !== pid)).toHaveLength(1);
  await db.prisma.$transaction((tx) => notifyCallEnd(tx, ours));
  await next;
  expect(await heard(left)).toBe(false);
  done.abort();
  await expect.poll(() => listeners(db)).toEqual([]);
});
