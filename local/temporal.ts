import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { freePort, isPortOpen } from "./port-checks.ts";
import { supervise, type ProcessSpec, type SupervisedProcess, type SupervisorEvents } from "./supervisor.ts";

export type TemporalOptions = {
  /** The `temporal` program, from `findTemporal`. */
  binary: string;
  /** SQLite file that keeps workflows over restarts; absent, they are lost with the process. */
  dbFile?: string;
  namespace?: string;
  /** Free ones where absent. */
  port?: number;
  uiPort?: number;
  ui?: boolean;
  /** How far it steps back for the web and the worker where processors are scarce (10 where absent). */
  niceness?: number;
  /** Further server settings, beside those that make it quick. */
  settings?: Record<string, string | number | boolean>;
};

export type EmbeddedTemporal = SupervisedProcess & {
  /** `host:port` of the gRPC service. */
  address: string;
  namespace: string;
  uiUrl: string;
};

// The defaults let one shard's queues look for work 20 times a second, which made each activity hop cost 100 ms. What a
// workflow asks of its own worker is handed over with the answer, which saves a hop and a fifth of this server's work.
// Without the new matcher this release takes no notice of priorities (domain/priorities.ts).
export const DYNAMIC_CONFIG = {
  "system.enableActivityEagerExecution": true,
  "history.transferProcessorMaxPollRPS": 1000,
  "history.timerProcessorMaxPollRPS": 1000,
  "history.visibilityProcessorMaxPollRPS": 1000,
  "matching.useNewMatcher": true,
};

// Of a queue's parts each gives what is first in it: in one alone, what comes first is first, and one node needs no more.
// What an earlier release put into the others is still read.
//
// What it knows of a workflow stays in memory after its end, as two entries, until so many others are younger. Three
// workflows a minute begin by themselves: the 8,096 entries of the program's own setting fill in a day, and take 150 MB.
// Where little happens, none are younger for hours: what was read ten minutes ago and is not in use is let go as well.
const OF_ONE_NODE = {
  "matching.numTaskqueueWritePartitions": 1,
  "history.hostLevelCacheMaxSize": 2_000,
  "history.cacheTTL": '"10m"',
  "history.cacheBackgroundEvict": JSON.stringify({ Enabled: true, LoopInterval: "1m", MaxEntryPerCall: 1_024 }),
};

// By itself Go lets garbage grow until it is as much as what is in use. Half of that: 22 MB less of 111 after 500
// workflows, as many calls a second (81), for 5 % more of its processor time.
const LESS_GARBAGE = { GOGC: "50" };

// As safe as its own default, a rollback journal, and three times as fast: a commit is synced to disk once (430 signals a
// second, and 150 without).
const DURABLE_LOG = ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full"];

/** A Temporal server as a process to supervise, and where it will answer. */
export async function prepareTemporal(options: TemporalOptions) {
  const { binary, dbFile, namespace = "default", ui = true, niceness = 10, settings = {} } = options;
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort ?? (await freePort());
  if (dbFile) await mkdir(dirname(dbFile), { recursive: true });
  const spec: ProcessSpec = {
    name: "temporal",
    command: binary,
    niceness,
    isPrivate: true,
    env: { ...LESS_GARBAGE, ...process.env },
    args: [
      "server",
      "start-dev",
      "--ip",
      "127.0.0.1",
      "--port",
      String(port),
      "--namespace",
      namespace,
      ...(ui ? ["--ui-port", String(uiPort)] : ["--headless"]),
      ...(dbFile ? ["--db-filename", dbFile, ...DURABLE_LOG] : []),
      "--log-level",
      "error",
      ...Object.entries({ ...DYNAMIC_CONFIG, ...OF_ONE_NODE, ...settings }).flatMap(([key, value]) => [
        "--dynamic-config-value",
        `${key}=${value}`,
      ]),
    ],
    graceMs: 15_000,
    readyDeadlineMs: 120_000,
    // While it ends it complains of everything else that ends.
    isNoise: (_line, { isEnding }) => isEnding,
    // The frontend listens only when the rest of the server runs.
    isReady: () => isPortOpen(port),
  };
  return { spec, address: `127.0.0.1:${port}`, namespace, uiUrl: `http://localhost:${uiPort}` };
}

/** Starts a supervised Temporal server and resolves when it listens. */
export async function startTemporal(options: TemporalOptions, events: SupervisorEvents): Promise<EmbeddedTemporal> {
  const { spec, ...where } = await prepareTemporal(options);
  const child = supervise(spec, events);
  await child.start();
  await child.ready();
  return { ...child, ...where };
}
