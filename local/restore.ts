import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { runTar } from "./backup.ts";
import { commandLine } from "./command-line.ts";
import { dataFolder, lockDataFolder, StartRefused, type DataFolder } from "./data-folder.ts";
import { closeDataFolder } from "./modes.ts";
import { MOVED_TO } from "./postgres-place.ts";

/** Puts a backup back into a data folder. One that holds something is refused, or emptied first with `force`. */
export function restore({ folder, archive, force }: { folder: DataFolder; archive: string; force: boolean }): void {
  if (!existsSync(archive)) throw new StartRefused(`There is no file ${archive}.`);
  const lock = lockDataFolder(folder);
  try {
    const present = readdirSync(folder.path).filter((name) => name !== "lock");
    if (present.length > 0 && !force) {
      throw new StartRefused(`${folder.path} is not empty. With --force what is in it is replaced by the backup.`);
    }
    removeMovedCluster(folder);
    for (const name of present) rmSync(join(folder.path, name), { recursive: true });
    // Backups of earlier releases hold modes that let others read; for root, tar would bring them back.
    runTar(["-xzf", archive, "--no-same-permissions", "-C", folder.path]);
    const cluster = join(folder.path, "cluster");
    if (existsSync(cluster)) {
      mkdirSync(folder.postgres);
      renameSync(cluster, join(folder.postgres, "cluster"));
    }
    closeDataFolder(folder.path);
  } finally {
    lock.release();
  }
}

function removeMovedCluster(folder: DataFolder) {
  const note = join(folder.postgres, MOVED_TO);
  if (existsSync(note)) rmSync(readFileSync(note, "utf8").trim(), { recursive: true, force: true });
}

if (import.meta.main) {
  const usage = "npm run restore -- convene-….tar.gz [--force]   --force: what is there now is replaced";
  const { values, positionals } = commandLine(usage, {
    options: { force: { type: "boolean" } },
    allowPositionals: true,
  });
  const [archive] = positionals;
  try {
    if (!archive) throw new StartRefused(`Name the backup: ${usage}`);
    restore({ folder: dataFolder(), archive: resolve(archive), force: values.force ?? false });
    console.log("Restored. Start with `npm start`.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
