import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "#local/postgres.ts";
import { migrate } from "#prisma/migrate.ts";
import { startWeb } from "#tests/web/server.ts";

/** The web server with its built pages on an empty database of its own. Runs wait for ever: there is no worker. */
export async function startPages(settings: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "convene-pages-"));
  // The account that runs Postgres under root has to get in.
  await chmod(folder, 0o755);
  const postgres = await startPostgres(
    { dataDir: join(folder, "postgres"), password: "test", unsafe: true },
    { log: () => {} },
  );
  await migrate({ url: postgres.url });
  const web = await startWeb({ url: postgres.url }, { settings: { NODE_ENV: "production", ...settings } });
  return {
    url: web.url,
    deps: web.deps,
    signUp: web.signUp,
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Pages = Awaited<ReturnType<typeof startPages>>;
