import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startPostgres } from "#local/postgres.ts";
import { migrate } from "#prisma/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the migrated template; connect to a clone of it (`testDatabase`), never to itself. */
    templateUrl: string;
  }
}

/** For runs that need no Temporal: one Postgres for all files, each of which clones its database. */
export default async function setup(project: TestProject) {
  const template = await startTemplate();
  project.provide("templateUrl", template.url);
  return template.stop;
}

/** A Postgres whose database `convene` has every migration and nothing else. */
export async function startTemplate() {
  const folder = await mkdtemp(join(tmpdir(), "convene-test-"));
  // The account that runs Postgres under root has to get in.
  await chmod(folder, 0o755);
  const postgres = await startPostgres(
    { dataDir: join(folder, "postgres"), password: "test", unsafe: true },
    { log: () => {} },
  );
  await migrate({ url: postgres.url });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
