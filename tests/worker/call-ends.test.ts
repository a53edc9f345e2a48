import { setImmediate } from "node:timers/promises";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { CallEnds } from "#activities/agent-link.ts";
import { notifyCallEnd } from "#records/meetings/call-ends.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { createCallEnds } from "#worker/call-ends.ts";

const log = pino({ level: "silent" });
const [ours, another, marker] = ["1", "2", "3"].map((last) => `019ac000-0000-7000-8000-00000000000${last}`) as [
  string,
  string,
  string,
];

/** The server's connections that wait for notices in this database. */
const listeners = async ({ prisma }: TestDatabase) => {
  const rows = await prisma.$queryRaw<{ pid: number }[]>`
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN call_ends'`;
  return rows.map(({ pid }) => pid);
};

const tell = ({ prisma }: TestDatabase, meetingId: string) => prisma.$transaction((tx) => notifyCallEnd(tx, meetingId));

/** Which of the waits are over, once a notice that comes after all of before has been heard. */
async function heardUntilNow(db: TestDatabase, callEnds: CallEnds, waits: Promise<void>[]): Promise<boolean[]> {
  const done = new AbortController();
  const last = callEnds.wait(marker, done.signal);
  await tell(db, marker);
  await last;
  done.abort();
  const heard = waits.map(() => false);
  waits.forEach((wait, place) => void wait.then(() => (heard[place] = true)));
  await setImmediate();
  return heard;
}

test("a call's end is heard once it is committed, by those who wait for that call", async () => {
  await using db = await testDatabase();
  const callEnds = createCallEnds({ pool: db.pool, log });
  const done = new AbortController();
  const waits = [ours, ours, another].map((id) => callEnds.wait(id, done.signal));
  await expect.poll(() => listeners(db)).toHaveLength(1);
  const undone = db.prisma.$transaction(async (tx) => {
    await notifyCallEnd(tx, ours);
    throw new Error("not this time");
  });
  await expect(undone).rejects.toThrow("not this time");
  expect(await heardUntilNow(db, callEnds, waits)).toEqual([false, false, false]);
  await tell(db, ours);
  expect(await heardUntilNow(db, callEnds, waits)).toEqual([true, true, false]);
  done.abort();
  await expect.poll(() => listeners(db)).toEqual([]);
});

test("nobody who has left is woken, and the connection is there again for the next one and after a loss", async () => {
  await using db = await testDatabase();
  const callEnds = createCallEnds({ pool: db.pool, log });
  const gone = new AbortController();
  const left = callEnds.wait(ours, gone.signal);
  gone.abort();
  const tooLate = callEnds.wait(ours, gone.signal);
  const done = new AbortController();
  const next = callEnds.wait(ours, done.signal);
  await expect.poll(() => listeners(db)).toHaveLength(1);
  const [pid] = await listeners(db);
  await db.prisma.$queryRaw`SELECT pg_terminate_backend(${pid}::int)`;
  await expect.poll(async () => (await listeners(db)).filter((each) => each !== pid)).toHaveLength(1);
  await tell(db, ours);
  expect(await heardUntilNow(db, callEnds, [left, tooLate, next])).toEqual([false, false, true]);
  done.abort();
  await expect.poll(() => listeners(db)).toEqual([]);
});
