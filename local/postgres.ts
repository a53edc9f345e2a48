import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { runTool } from "./one-shot.ts";
import { choosePlace, databaseUser, packagedPrograms, type DatabaseUser, type Place } from "./postgres-place.ts";
import { freePort } from "./port-checks.ts";
import { supervise, type ProcessSpec, type SupervisedProcess, type SupervisorEvents } from "./supervisor.ts";

export type PostgresOptions = {
  /** Kept folder of the cluster; made on the first start. */
  dataDir: string;
  password: string;
  /** A free one where absent. */
  port?: number;
  /** For tests: no fsync, so a machine's crash (not a process's) may lose data. */
  unsafe?: boolean;
};

export type EmbeddedPostgres = SupervisedProcess & {
  /** Of the database `convene`. */
  url: string;
  port: number;
};

const DATABASE = "convene";

/** Of a cluster's database `convene` on this machine. */
export const databaseUrl = ({ password, port }: { password: string; port: number }) =>
  `postgresql://convene:${encodeURIComponent(password)}@127.0.0.1:${port}/${DATABASE}`;

/** The cluster, made if need be, as a process to supervise, and the url of its database `convene`. */
export async function preparePostgres(
  { dataDir, password, port, unsafe = false }: PostgresOptions,
  say: (line: string) => void,
): Promise<{ spec: ProcessSpec; url: string; port: number }> {
  const user = databaseUser();
  const { folder, version } = await packagedPrograms();
  const place = await choosePlace({ packaged: folder, version, dataDir, user, say });
  if (!existsSync(join(place.cluster, "PG_VERSION"))) await initialise({ place, password, user, unsafe });
  if (user) giveTo(user, place.cluster);
  const chosenPort = port ?? (await freePort());
  const url = databaseUrl({ password, port: chosenPort });
  const settings = {
    listen_addresses: "127.0.0.1",
    // Sockets would need a folder that both users can reach; TCP on loopback needs nothing.
    unix_socket_directories: "",
    max_connections: "200",
    // Expected refusals (unique keys that make writes idempotent) would fill the log.
    log_min_messages: "fatal",
    log_line_prefix: "",
    ...(unsafe ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const spec: ProcessSpec = {
    name: "postgres",
    command: join(place.programs, "bin", "postgres"),
    args: [
      "-D",
      place.cluster,
      "-p",
      String(chosenPort),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    cwd: place.cluster,
    ...user,
    // "Fast" shutdown: ends sessions, rolls back, writes a checkpoint.
    stopSignal: "SIGINT",
    graceMs: 20_000,
    // Recovery after a crash reads back what was not yet written.
    readyDeadlineMs: 120_000,
    // Our own first questions, asked too early.
    isNoise: (line) => /starting up|shutting down|administrator command|database "convene" does not/.test(line),
    isReady: () => answers(url),
  };
  return { spec, url, port: chosenPort };
}

/** Starts a supervised embedded Postgres and resolves when its database `convene` answers. */
export async function startPostgres(options: PostgresOptions, events: SupervisorEvents): Promise<EmbeddedPostgres> {
  const { spec, url, port } = await preparePostgres(options, (line) => events.log("postgres", line));
  const child = supervise(spec, events);
  await child.start();
  await child.ready();
  return { ...child, url, port };
}

async function initialise({
  place,
  password,
  user,
  unsafe,
}: {
  place: Place;
  password: string;
  user: DatabaseUser | undefined;
  unsafe: boolean;
}) {
  // A crash inside initdb leaves a folder that is neither empty nor usable, and no data of anyone.
  await rm(place.cluster, { recursive: true, force: true });
  await mkdir(place.cluster, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(tmpdir(), "convene-initdb-"));
  const passwordFile = join(scratch, "password");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) for (const path of [place.cluster, scratch, passwordFile]) await chown(path, user.uid, user.gid);
  const program = join(place.programs, "bin", "initdb");
  if (!user) await chmod(program, 0o755);
  const args = [
    `--pgdata=${place.cluster}`,
    "--username=convene",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    ...(unsafe ? ["--no-sync"] : []),
  ];
  try {
    await runTool(program, args, { ...user, cwd: place.cluster });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A cluster that came from elsewhere (a backup) may belong to another account. */
function giveTo(user: DatabaseUser, cluster: string) {
  if (statSync(cluster).uid !== user.uid) spawnSync("chown", ["-R", `${user.uid}:${user.gid}`, cluster]);
}

/** Whether the server answers, once it has the database; the first call makes it. */
async function answers(url: string): Promise<boolean> {
  const server = new URL(url);
  server.pathname = "/postgres";
  return (await tryQuery(url, "SELECT 1")) || (await tryQuery(server.href, `CREATE DATABASE ${DATABASE}`));
}

async function tryQuery(url: string, sql: string) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query(sql);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
