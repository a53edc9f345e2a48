import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { z } from "zod";
import { databaseVariables, readSettings } from "#records/settings.ts";
import { migrationsFolder, readMigrations, readSchema } from "./migrations.ts";
import { withSchemaEngine } from "./schema-engine.ts";

const NO_FILTERS = { externalTables: [], externalEnums: [] };
/** Any number will do, as long as every starter takes the same. */
const MIGRATION_LOCK = 7_205_911_346;

/** Applies the migrations that the database lacks, one starter at a time. Returns their names. */
export async function migrate({ url }: { url: string }): Promise<string[]> {
  const lock = new Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await applyMigrations(url);
  } finally {
    await lock.end();
  }
}

/** Without the lock. `list` is all there are unless an earlier state is wanted. */
export async function applyMigrations(url: string, list?: Awaited<ReturnType<typeof readMigrations>>) {
  const schema = await readSchema();
  const migrationsList = list ?? (await readMigrations());
  return withSchemaEngine({ url, schema: schema.files[0].content }, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
    return appliedMigrationNames;
  });
}

/**
 * Writes the migration from the committed schema to the one in the working copy (a schema change and its migration are
 * one commit), and returns its folder's name; null where they agree. `url` is of any reachable Postgres, which is only
 * asked for its version. CHECK constraints and the like are then added to the file by hand.
 */
export async function createMigration({ url, name }: { url: string; name: string }): Promise<string | null> {
  const [from, to] = [committedSchema(), await readSchema()];
  const { exitCode, stdout } = await withSchemaEngine({ url, schema: to.files[0].content }, (engine) =>
    engine.diff({
      from: { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: from }] },
      to: { tag: "schemaDatamodel", ...to },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    }),
  );
  if (exitCode !== 2 || !stdout) return null;
  const folder = `${new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14)}_${name.replaceAll(/\W+/g, "_")}`;
  await mkdir(join(migrationsFolder, folder));
  await writeFile(join(migrationsFolder, folder, "migration.sql"), stdout);
  return folder;
}

function committedSchema() {
  return execFileSync("git", ["show", "HEAD:./schema.prisma"], { cwd: import.meta.dirname, encoding: "utf8" });
}

function databaseUrl(): string {
  try {
    return readSettings(z.object(databaseVariables), process.env, "db:migrate").DATABASE_URL;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error("(`npm start` migrates the embedded database by itself.)");
    process.exit(1);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { create: { type: "string" } } });
  const url = databaseUrl();
  if (values.create)
    console.log((await createMigration({ url, name: values.create })) ?? "The schema has not changed.");
  else console.log((await migrate({ url })).map((name) => `applied ${name}`).join("\n") || "Nothing to apply.");
  process.exit(0);
}
