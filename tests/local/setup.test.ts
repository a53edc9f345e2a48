import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { testTemporal } from "#tests/setup/temporal.ts";

test("each test gets a migrated database of its own", async () => {
  await using one = await testDatabase();
  await using other = await testDatabase();
  await one.pool.query("CREATE TABLE only_here (id int)");
  const tables = await other.pool.query<{ name: string }>("SELECT tablename AS name FROM pg_tables");
  const names = tables.rows.map((row) => row.name);
  expect(names).toContain("_prisma_migrations");
  expect(names).not.toContain("only_here");
  expect(await other.prisma.user.count()).toBe(0);
});

test("C-67 a lost connection is an error of the query, not the end of the process", async () => {
  await using database = await testDatabase();
  const client = await database.pool.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await database.pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
  await expect(client.query("SELECT 1")).rejects.toThrow(/terminat|not queryable/);
  client.release(true);
  expect(await database.prisma.user.count()).toBe(0);
});

test("finished histories are kept for a week and the search attributes are known", async () => {
  await using temporal = await testTemporal();
  const { workflowService, operatorService } = temporal.client.connection as typeof temporal.client.connection & {
    operatorService: { listSearchAttributes(r: object): Promise<{ customAttributes: object }> };
  };
  const { config } = await workflowService.describeNamespace({ namespace: temporal.namespace });
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(7 * 86_400);
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace: temporal.namespace });
  expect(Object.keys(customAttributes)).toEqual(
    expect.arrayContaining(["ConveneKind", "ConveneOwner", "ConveneStage"]),
  );
});
