import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "./server.ts";

test("a server that is newer than its database says so until the migration has run", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ready = async () => {
    const response = await fetch(`${web.url}/readyz`);
    return { status: response.status, body: (await response.json()) as { database: string } };
  };
  expect(await ready()).toMatchObject({ status: 200, body: { database: "ok" } });
  const newest = "migration_name = (SELECT max(migration_name) FROM _prisma_migrations)";
  await db.pool.query(`UPDATE _prisma_migrations SET finished_at = NULL WHERE ${newest}`);
  expect(await ready()).toMatchObject({ status: 503, body: { database: "not migrated" } });
  await db.pool.query(`DELETE FROM _prisma_migrations WHERE ${newest}`);
  expect(await ready()).toMatchObject({ status: 503, body: { database: "not migrated" } });
});
