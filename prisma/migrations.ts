import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MigrationList, SchemasContainer } from "@prisma/schema-engine-wasm";

const folder = import.meta.dirname;

export const migrationsFolder = join(folder, "migrations");

export async function readSchema(): Promise<SchemasContainer & { files: [{ path: string; content: string }] }> {
  return { files: [{ path: "schema.prisma", content: await readFile(join(folder, "schema.prisma"), "utf8") }] };
}

/** The names of the migrations on disk, oldest first. */
export async function migrationNames(): Promise<string[]> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

/** The migrations on disk, oldest first, in the form that the schema engine takes. */
export async function readMigrations(): Promise<MigrationList> {
  const names = await migrationNames();
  const read = async (name: string) => {
    const content = await readFile(join(migrationsFolder, name, "migration.sql"), "utf8");
    return { path: name, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: content } } };
  };
  return {
    baseDir: migrationsFolder,
    lockfile: {
      path: "migration_lock.toml",
      content: await readFile(join(migrationsFolder, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(names.map(read)),
  };
}
