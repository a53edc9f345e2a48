import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "#tests/web/server.ts";

/** The web server with its built pages on an empty database of its own. Runs wait for ever: there is no worker. */
export async function startPages(settings: Record<string, string> = {}) {
  const db = await testDatabase();
  const web = await startWeb(db, { settings: { NODE_ENV: "production", ...settings } });
  return {
    url: web.url,
    deps: web.deps,
    signUp: web.signUp,
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await atRest(db.pool);
      await db[Symbol.asyncDispose]();
    },
  };
}
export type Pages = Awaited<ReturnType<typeof startPages>>;

/** A page that was closed while it was being made is made to its end all the same, one query after the other. */
async function atRest(pool: Pool): Promise<void> {
  const until = Date.now() + 10_000;
  for (let looks = 0; looks < 5 && Date.now() < until; looks += 1) {
    await sleep(20);
    if (pool.waitingCount > 0 || pool.idleCount < pool.totalCount) looks = -1;
  }
}
