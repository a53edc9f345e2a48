import { pino } from "pino";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { waitForDatabase, waitForTemporal } from "#worker/wait-for.ts";

function listened() {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
  return { log, lines };
}

test("a database of an older release is waited for, and the way out is told once", async () => {
  await using db = await testDatabase();
  const { log, lines } = listened();
  const [newest] = await db.prisma.$queryRaw<{ migration_name: string }[]>`
    DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)
    RETURNING migration_name`;
  let isOver = false;
  const waiting = waitForDatabase(db.prisma, { log, pauseMs: 10 }).then(() => (isOver = true));
  await expect.poll(() => lines.length).toBe(1);
  expect(lines[0]).toContain("npm run db:migrate");
  expect(isOver).toBe(false);
  await db.prisma.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
    VALUES ('again', '', ${newest?.migration_name}, now())`;
  await waiting;
  expect(lines).toHaveLength(1);
});

test("Temporal that is away at the start is waited for, and told of once", async () => {
  const { log, lines } = listened();
  let tries = 0;
  const connect = () => ((tries += 1) < 4 ? Promise.reject(new Error("refused")) : Promise.resolve("connected"));
  expect(await waitForTemporal(connect, { log, address: "127.0.0.1:9", pauseMs: 1 })).toBe("connected");
  expect(lines).toEqual(["Temporal does not answer at TEMPORAL_ADDRESS. Waiting for it."]);
});
