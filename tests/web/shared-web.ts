import { afterAll, beforeAll } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { startWeb } from "./server.ts";
import type { TestWeb } from "./server.ts";

/** One web server on a database of its own for all tests of a file. */
export function shareWeb(take: (made: { db: TestDatabase; web: TestWeb }) => void): void {
  let db: TestDatabase;
  let web: TestWeb;
  beforeAll(async () => {
    db = await testDatabase();
    web = await startWeb(db);
    take({ db, web });
  });
  afterAll(async () => {
    await web[Symbol.asyncDispose]();
    await db[Symbol.asyncDispose]();
  });
}
