import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { StartRefused } from "./data-folder.ts";
import { goInstall } from "./go-install.ts";

const MODULE = "go.temporal.io/server";
/** The release that `docker-compose.yml` runs, as far as its third number: of 1.31, this one builds by itself. */
const SERVER_VERSION = "1.31.2";
const OLDEST_GO = "1.26.4";
const exe = process.platform === "win32" ? ".exe" : "";

export type ClusterPrograms = {
  /** `temporal-server`. */
  server: string;
  /** `temporal-sql-tool`, which carries the schemas of its release. */
  sqlTool: string;
};

const instead =
  "Or have one started by Docker (docker-compose.yml, profile temporal), or set TEMPORAL_ADDRESS to a server that runs.";

/**
 * Temporal's server and its schema tool: from the cache, else built from the pinned official Go module (some ten
 * minutes on two processors, once). Throws `StartRefused` with the way out where they are not there and cannot be built.
 */
export async function findClusterPrograms({
  cacheDir,
  say,
  signal,
}: {
  cacheDir: string;
  say: (line: string) => void;
  signal?: AbortSignal;
}): Promise<ClusterPrograms> {
  // Not with the embedded server, which is looked for by its name there.
  const bin = join(cacheDir, "cluster");
  const programs = {
    server: join(bin, `temporal-server-${SERVER_VERSION}${exe}`),
    sqlTool: join(bin, `temporal-sql-tool-${SERVER_VERSION}${exe}`),
  };
  if (existsSync(programs.server) && existsSync(programs.sqlTool)) return programs;
  if (spawnSync("go", ["version"]).status !== 0) {
    throw new StartRefused(
      `No Go here to build Temporal's server with: install Go ${OLDEST_GO} or newer (https://go.dev/dl). ${instead}`,
    );
  }
  await build({ bin, programs, say, signal });
  return programs;
}

async function build({
  bin,
  programs,
  say,
  signal,
}: {
  bin: string;
  programs: ClusterPrograms;
  say: (line: string) => void;
  signal: AbortSignal | undefined;
}) {
  await mkdir(bin, { recursive: true });
  const folder = join(bin, `build-${process.pid}`);
  const packages = [`${MODULE}/cmd/server@v${SERVER_VERSION}`, `${MODULE}/cmd/tools/sql@v${SERVER_VERSION}`];
  say(`building the official Go module ${MODULE} v${SERVER_VERSION} (some ten minutes, once)`);
  try {
    await goInstall({ packages, folder, say, signal });
    await rename(join(folder, `sql${exe}`), programs.sqlTool);
    await rename(join(folder, `server${exe}`), programs.server);
    say(`built; kept in ${bin}`);
  } catch (error) {
    signal?.throwIfAborted();
    throw new StartRefused(
      `Temporal's server could not be built: ${(error as Error).message}. The build needs Go ${OLDEST_GO} or newer and ` +
        `the network (GOPROXY). ${instead}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
