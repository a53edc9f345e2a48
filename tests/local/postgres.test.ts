import { mkdtempSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, test } from "vitest";
import { waitUntil } from "#local/wait-until.ts";
import { startPostgres } from "#local/postgres.ts";
import { createPrisma } from "#prisma/client.ts";
import { migrate } from "#prisma/migrate.ts";

async function query(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

test("data behind a folder that the database account cannot enter is kept elsewhere and found again", async () => {
  const hidden = mkdtempSync(join(tmpdir(), "convene-hidden-"));
  chmodSync(hidden, 0o700);
  const dataDir = join(hidden, "postgres");
  mkdirSync(dataDir);
  const lines: string[] = [];
  const events = { log: (_name: string, line: string) => void lines.push(line) };
  const options = { dataDir, password: "secret", unsafe: true };

  const first = await startPostgres(options, events);
  await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.stop();
  const second = await startPostgres(options, events);
  expect(await query(second.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  await second.stop();

  // Only root has to lend Postgres another account.
  const isRoot = process.getuid?.() === 0;
  expect(existsSync(join(dataDir, "moved-to"))).toBe(isRoot);
  expect(lines.some((line) => line.includes("cannot enter"))).toBe(isRoot);
  if (isRoot) rmSync(readFileSync(join(dataDir, "moved-to"), "utf8").trim(), { recursive: true });
  rmSync(hidden, { recursive: true });
});

test("a killed Postgres comes back on the same port and its clients live on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "convene-killed-"));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, "postgres"), password: "secret" }, { log: () => {} });
  expect(await Promise.all([migrate({ url: postgres.url }), migrate({ url: postgres.url })])).toContainEqual([]);
  const lost: Error[] = [];
  const database = createPrisma({ url: postgres.url, onError: (error) => lost.push(error) });
  const held = await database.pool.connect();
  await database.prisma.user.count();

  process.kill(postgres.pid() ?? 0, "SIGKILL");
  await waitUntil("lost connections noticed", () => lost.length > 0);
  held.release(true);
  await waitUntil("Postgres back", () => postgres.restarts() > 0);
  await postgres.ready();
  expect(await database.prisma.user.count()).toBe(0);

  await database.close();
  await postgres.stop();
  rmSync(folder, { recursive: true });
});
