import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { projectFolder, type DataFolder, type Secrets } from "./data-folder.ts";
import { log } from "./log.ts";
import { preparePostgres } from "./postgres.ts";
import { recordProcesses } from "./processes.ts";
import type { Parts } from "./settings.ts";
import { supervise, type ProcessSpec, type SupervisedProcess } from "./supervisor.ts";
import { findTemporal } from "./temporal-binary.ts";
import { prepareTemporal } from "./temporal.ts";

const STOP_ORDER = ["web", "worker", "temporal", "postgres"];

/** The supervised processes of one Convene, ended so that none loses what it stands on. */
export function createStack({ folder, signal }: { folder: DataFolder; signal: AbortSignal }) {
  const started: { spec: ProcessSpec; process: SupervisedProcess }[] = [];

  function record() {
    const living = started.flatMap(({ spec, process }) => {
      const pid = process.pid();
      return pid ? [{ name: spec.name, pid, stopSignal: spec.stopSignal ?? ("SIGTERM" as const) }] : [];
    });
    recordProcesses(folder.processes, living);
  }

  async function run(spec: ProcessSpec) {
    signal.throwIfAborted();
    const process = supervise(spec, { log, onChange: record });
    started.push({ spec, process });
    await process.start();
    await process.ready();
    return process;
  }

  return {
    run,
    async stop() {
      const inOrder = started.toSorted((a, b) => STOP_ORDER.indexOf(a.spec.name) - STOP_ORDER.indexOf(b.spec.name));
      for (const { process } of inOrder) {
        if (process.pid()) log("convene", `stopping ${process.name}`);
        await process.stop();
      }
    },
  };
}

export type Stack = ReturnType<typeof createStack>;

/** Starts the database and Temporal, each unless an outside one was named. */
export async function startParts({
  stack,
  folder,
  secrets,
  signal,
}: {
  stack: Stack;
  folder: DataFolder;
  secrets: Secrets;
  signal: AbortSignal;
}): Promise<Parts> {
  const { DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_UI_URL } = process.env;
  const [databaseUrl, temporal] = await Promise.all([
    DATABASE_URL || startDatabase(stack, folder, secrets),
    TEMPORAL_ADDRESS
      ? { address: TEMPORAL_ADDRESS, uiUrl: TEMPORAL_UI_URL }
      : startTemporalServer(stack, folder, signal),
  ]);
  return { databaseUrl, temporalAddress: temporal.address, temporalUiUrl: temporal.uiUrl };
}

async function startDatabase(stack: Stack, folder: DataFolder, secrets: Secrets) {
  const options = { dataDir: folder.postgres, password: secrets.databasePassword };
  const { spec, url, port } = await preparePostgres(options, (line) => log("postgres", line));
  await stack.run(spec);
  log("postgres", `ready on port ${port}`);
  return url;
}

async function startTemporalServer(stack: Stack, folder: DataFolder, signal: AbortSignal) {
  const say = (line: string) => log("temporal", line);
  const binary = await findTemporal({ cacheDir: cacheFolder(), say, signal });
  const namespace = process.env["TEMPORAL_NAMESPACE"] || "default";
  const { spec, address, uiUrl } = await prepareTemporal({ binary, dbFile: folder.temporal, namespace });
  await stack.run(spec);
  say(`ready on ${address}; its own pages are at ${uiUrl}`);
  return { address, uiUrl };
}

/** One of our own processes: a Node program that hears of our death by its IPC channel, ready when its url says 200. */
export function ownProcess({
  name,
  entry,
  args,
  env,
  readyUrl,
  niceness,
}: {
  name: string;
  entry: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  readyUrl: string;
  niceness?: number;
}): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: [...args, join(projectFolder, entry)],
    cwd: projectFolder,
    env,
    ...(niceness === undefined ? {} : { niceness }),
    ipc: true,
    graceMs: 25_000,
    readyDeadlineMs: 180_000,
    isReady: () =>
      fetch(readyUrl, { signal: AbortSignal.timeout(5_000) }).then(
        (response) => response.ok,
        () => false,
      ),
  };
}
