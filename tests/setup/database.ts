import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { inject } from "vitest";
import { createPrisma, type Database } from "#prisma/client.ts";

export type TestDatabase = Database & AsyncDisposable & { url: string };

/** A fresh migrated database of its own: `await using db = await testDatabase()`. */
export async function testDatabase(): Promise<TestDatabase> {
  const template = new URL(inject("templateUrl"));
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await asServer(template, `CREATE DATABASE ${name} TEMPLATE ${template.pathname.slice(1)} STRATEGY FILE_COPY`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  const database = createPrisma({ url: url.href });
  return {
    ...database,
    url: url.href,
    async [Symbol.asyncDispose]() {
      // A failed test may hold a client that it never gave back; closing would wait for it.
      await Promise.race([database.close(), sleep(2_000)]);
      await asServer(template, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Runs one statement on the server, outside of the template, which no one may be connected to while it is cloned. */
async function asServer(template: URL, sql: string) {
  const server = new URL(template);
  server.pathname = "/postgres";
  const client = new Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
