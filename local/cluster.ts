import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import {
  dynamicConfig,
  schemaCommands,
  serverConfig,
  type ClusterPorts,
  type DatabaseLogin,
} from "./cluster-config.ts";
import { findClusterPrograms } from "./cluster-programs.ts";
import { dataFolder, projectFolder, readSecrets } from "./data-folder.ts";
import { log } from "./log.ts";
import { runTool } from "./one-shot.ts";
import { freePort, isPortFree, isPortOpen } from "./port-checks.ts";
import { preparePostgres } from "./postgres.ts";
import { createProgram } from "./program.ts";
import type { ProcessSpec } from "./supervisor.ts";
import { prepareNamespace } from "./temporal-namespace.ts";

// `npm run cluster`: Temporal as operators run it, all services in one process, its two databases on a Postgres of their
// own. `npm run cluster -- npm run faults` has a command run with TEMPORAL_ADDRESS set to it and ends with the command.
const command = process.argv.slice(2);
const namespace = process.env["TEMPORAL_NAMESPACE"] || "default";
const folder = dataFolder({ CONVENE_DATA: join(dataFolder().path, "cluster") });
const HIGHEST_PORT = 32_767;
const say = (line: string) => log("cluster", line);

const { stack, signal, stop, run } = createProgram({ folder, say });
await run(start);

async function start() {
  const programs = await findClusterPrograms({ cacheDir: cacheFolder(), say, signal });
  const login = await startDatabase();
  for (const args of schemaCommands(login)) {
    await runTool(programs.sqlTool, args, { env: { ...process.env, SQL_PASSWORD: login.password }, signal });
  }
  const ports = await freePorts();
  await stack.run(serverProcess({ program: programs.server, login, ports }));
  const address = `127.0.0.1:${ports.frontend.grpc}`;
  await prepareNamespace({ address, namespace, warn: say });
  console.log(`ready: TEMPORAL_ADDRESS=${address}`);
  if (command.length > 0) await runBeside(address);
}

async function startDatabase(): Promise<DatabaseLogin> {
  const { databasePassword: password } = readSecrets(folder);
  const { spec, port } = await preparePostgres({ dataDir: folder.postgres, password }, (line) => log("postgres", line));
  await stack.run(spec);
  return { host: "127.0.0.1", port, user: "convene", password };
}

/** Kept over all lives of the server. */
async function freePorts(): Promise<ClusterPorts> {
  const pair = async () => ({ grpc: await freePort(), membership: await freeLowPort() });
  return { frontend: await pair(), history: await pair(), matching: await pair(), worker: await pair() };
}

/** Temporal's schema for Postgres keeps a service's membership port as a smallint. */
async function freeLowPort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, HIGHEST_PORT + 1);
    if (await isPortFree(port)) return port;
  }
}

function serverProcess({ program, login, ports }: { program: string; login: DatabaseLogin; ports: ClusterPorts }) {
  const config = join(folder.path, "temporal.json");
  const dynamicConfigFile = join(folder.path, "temporal-dynamic.json");
  // JSON is YAML, which is what the server reads.
  writeFileSync(dynamicConfigFile, JSON.stringify(dynamicConfig()), { mode: 0o600 });
  writeFileSync(config, JSON.stringify(serverConfig({ login, ports, dynamicConfigFile })), { mode: 0o600 });
  const spec: ProcessSpec = {
    name: "temporal",
    command: program,
    args: ["--config-file", config, "--allow-no-auth", "start"],
    isPrivate: true,
    graceMs: 30_000,
    readyDeadlineMs: 120_000,
    // While it ends it complains of everything else that ends, at its start of shards that it has no lease of yet; and
    // how it puts itself together is for its makers.
    isNoise: (line, { isEnding }) => isEnding || line.startsWith("[Fx]") || line.includes("shard status unknown"),
    isReady: () => isPortOpen(ports.frontend.grpc),
  };
  return spec;
}

/** Runs the command to its end, which is ours too. */
async function runBeside(address: string) {
  const [name = "", ...args] = command;
  const env = { ...process.env, TEMPORAL_ADDRESS: address, TEMPORAL_PROCESSES: folder.processes };
  const child = spawn(name, args, { cwd: projectFolder, env, stdio: "inherit", signal });
  const [code] = (await once(child, "exit")) as [number | null];
  process.exitCode = code ?? 1;
  stop();
}
