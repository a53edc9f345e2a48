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
      await db[Symbol.asyncDispose]();
    },
  };
}
export type Pages = Awaited<ReturnType<typeof startPages>>;
