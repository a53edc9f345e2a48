import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { goInstall } from "./go-install.ts";

/** The release whose Go module builds by itself; its server is 1.29. */
const GO_VERSION = "1.5.1";
/** Search attributes by API, updates and user metadata need it. */
const OLDEST_SERVER = [1, 27];
const PROBE_MS = 5_000;
const DOWNLOAD_MS = 120_000;
const exe = process.platform === "win32" ? ".exe" : "";

/**
 * A `temporal` program: on PATH, else from the cache, else the SDK's own download of the official release, else a
 * build of the pinned official Go module (about three minutes, once). `say` hears of each step that takes time.
 */
export async function findTemporal({
  cacheDir,
  say,
  signal,
}: {
  cacheDir: string;
  say: (line: string) => void;
  signal?: AbortSignal;
}): Promise<string> {
  const bin = join(cacheDir, "bin");
  const found = onPath(say) ?? (await cachedTemporal(bin));
  if (found) return found;
  await mkdir(bin, { recursive: true });
  const fetched = (await download(bin, say)) ?? (await build(bin, say, signal));
  if (fetched) return fetched;
  throw new Error(
    "No Temporal server. Do one of: install the temporal CLI (https://docs.temporal.io/cli), install Go " +
      "(https://go.dev) and start again, go online, or set TEMPORAL_ADDRESS to a server that runs.",
  );
}

/** The version in words, such as "1.5.1 (Server 1.29.1, UI 2.42.1)", or undefined where the program does not run. */
export function temporalVersion(binary: string): string | undefined {
  const { status, stdout } = spawnSync(binary, ["--version"], { encoding: "utf8", timeout: 20_000 });
  return status === 0 ? stdout.trim().replace(/^temporal version /, "") : undefined;
}

/** A program that an earlier start downloaded or built. */
export async function cachedTemporal(bin: string): Promise<string | undefined> {
  const built = join(bin, `temporal-${GO_VERSION}${exe}`);
  if (existsSync(built)) return built;
  const names = await readdir(bin).catch(() => []);
  const downloaded = names.find((name) => name.startsWith("temporal-sdk-typescript-"));
  return downloaded ? join(bin, downloaded) : undefined;
}

function onPath(say: (line: string) => void) {
  const version = temporalVersion("temporal");
  if (!version) return undefined;
  if (isRecent(version)) return "temporal";
  say(`the temporal on PATH is ${version}; server ${OLDEST_SERVER.join(".")} or newer is needed, so it is passed over`);
  return undefined;
}

function isRecent(version: string) {
  const [, major, minor] = version.match(/Server (\d+)\.(\d+)/) ?? [];
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_SERVER;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}

async function download(bin: string, say: (line: string) => void) {
  say("no Temporal server on this machine: looking for the official release");
  const reachable = await fetch("https://temporal.download/cli/default?arch=amd64&platform=linux", {
    signal: AbortSignal.timeout(PROBE_MS),
  }).then(
    (response) => response.ok,
    () => false,
  );
  if (!reachable) {
    say("the official release cannot be downloaded from here");
    return undefined;
  }
  say("downloading it (about 100 MB)");
  // In a process of its own: the SDK's download cannot be called off.
  const child = spawn(process.execPath, [join(import.meta.dirname, "temporal-download.ts"), bin], { stdio: "ignore" });
  const done = await Promise.race([
    new Promise<boolean>((resolve) => child.once("close", (code) => resolve(code === 0))),
    sleep(DOWNLOAD_MS, false, { ref: false }),
  ]);
  if (!done) {
    child.kill("SIGKILL");
    say("the download did not succeed");
    return undefined;
  }
  return cachedTemporal(bin);
}

async function build(bin: string, say: (line: string) => void, signal?: AbortSignal) {
  if (spawnSync("go", ["version"]).status !== 0) return undefined;
  const module = `github.com/temporalio/cli/cmd/temporal@v${GO_VERSION}`;
  say(`building the official Go module ${module} (about three minutes, once)`);
  const scratch = join(bin, `build-${process.pid}`);
  const built = join(bin, `temporal-${GO_VERSION}${exe}`);
  try {
    await goInstall({ packages: [module], folder: scratch, say, signal });
    await rename(join(scratch, `temporal${exe}`), built);
    say(`built; kept in ${built}`);
    return built;
  } catch (error) {
    say(`the build did not succeed: ${(error as Error).message}`);
    return undefined;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
