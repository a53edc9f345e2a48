import { spawnSync } from "node:child_process";
import { existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commandLine } from "./command-line.ts";
import { dataFolder, lockDataFolder, randomSecret, StartRefused, type DataFolder } from "./data-folder.ts";
import { findClusterHome } from "./postgres-place.ts";

/** What of the data folder goes into a backup, beside the database cluster. */
const ENTRIES = ["secrets.json", "temporal.db", "temporal.db-wal", "temporal.db-shm", "media"];

/**
 * Writes one archive of everything that an embedded Convene keeps: database, workflows, media, secrets. The programs
 * must be stopped, so that the files agree with one another. The archive holds secrets: mode 600.
 */
export function backUp({ folder, archive }: { folder: DataFolder; archive: string }): void {
  const lock = lockDataFolder(folder);
  try {
    const clusterHome = findClusterHome(folder.postgres);
    const entries = ENTRIES.filter((entry) => existsSync(join(folder.path, entry)));
    const database = clusterHome ? ["-C", clusterHome, "cluster"] : [];
    if (entries.length === 0 && database.length === 0)
      throw new StartRefused(`There is nothing in ${folder.path} yet.`);
    replaceFile(archive, (part) => runTar(["-czf", part, "-C", folder.path, ...entries, ...database]));
  } finally {
    lock.release();
  }
}

/**
 * Writes beside the file and puts the result in its place: whoever could read the earlier file cannot read this one, and
 * a failure leaves the earlier one whole.
 */
function replaceFile(path: string, write: (part: string) => void) {
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isFile() === false) throw new StartRefused(`${path} is not a file: name another one.`);
  const target = existing ? realpathSync(path) : path;
  const part = `${target}.${randomSecret(6)}.part`;
  writeFileSync(part, "", { flag: "wx", mode: 0o600 });
  try {
    write(part);
    renameSync(part, target);
  } finally {
    rmSync(part, { force: true });
  }
}

export function runTar(args: string[]): void {
  const before = process.umask(0o077);
  const { status, stderr, error } = spawnSync("tar", args, { encoding: "utf8" });
  process.umask(before);
  if (status !== 0) throw new Error(`tar failed: ${error?.message ?? stderr}`);
}

if (import.meta.main) {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const usage = "npm run backup [-- FILE.tar.gz]   Convene must be stopped.";
  const [file = `convene-${stamp}.tar.gz`] = commandLine(usage, { allowPositionals: true }).positionals;
  const archive = resolve(file);
  try {
    backUp({ folder: dataFolder(), archive });
    console.log(`${archive} holds the database, workflows, media and secrets: keep it where only you can read it.`);
    if (process.env["DATABASE_URL"])
      console.log("The database of DATABASE_URL is not in it: use pg_dump for that one.");
    if (process.env["S3_BUCKET"]) console.log("The media in S3 are not in it.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
