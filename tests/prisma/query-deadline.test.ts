import { expect, test } from "vitest";
import { createPrisma } from "#prisma/client.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { relay } from "#tests/web/network-relay.ts";
import { isDatabaseDown } from "#records/database-down.ts";

const deadlineMs = 1_000;

/** A database behind a network that can fall silent, as a Postgres does that is frozen. */
async function silentDatabase() {
  const db = await testDatabase();
  const url = new URL(db.url);
  const network = await relay(Number(url.port));
  url.port = String(network.port);
  const database = createPrisma({ url: url.href, maxConnections: 2, queryDeadlineMs: deadlineMs });
  return {
    ...database,
    network,
    async [Symbol.asyncDispose]() {
      await database.close();
      await network[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

test("a statement that a frozen Postgres does not answer fails by its deadline, and the next has a new connection", async () => {
  await using db = await silentDatabase();
  const ways = [
    () => db.prisma.user.count(),
    () => db.prisma.$queryRaw`SELECT 1`,
    () => db.prisma.$transaction((tx) => tx.user.count()),
    () => db.pool.query("SELECT 1"),
  ];
  for (const ask of ways) {
    await ask();
    db.network.swallow();
    const began = Date.now();
    expect(isDatabaseDown(await failureOf(ask()))).toBe(true);
    expect(Date.now() - began).toBeLessThan(deadlineMs + 6_000);
    await ask();
  }
});

test("a statement that takes too long is given up, and what its transaction wrote is undone", async () => {
  await using db = await silentDatabase();
  const write = db.prisma.$transaction(async (tx) => {
    await tx.rateLimit.create({ data: { key: "k", paidAt: new Date() } });
    await tx.$queryRaw`SELECT pg_sleep(${deadlineMs / 1000 + 2})::text`;
  });
  expect(isDatabaseDown(await failureOf(write))).toBe(true);
  await expect.poll(() => db.prisma.rateLimit.count()).toBe(0);
});
