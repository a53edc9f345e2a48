import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "#local/port-checks.ts";
import { outsideTemporal } from "#tests/setup/outside-temporal.ts";
import { account, createClient } from "./client.ts";

export type Part = "web" | "worker" | "temporal" | "postgres";

interface ProcessRecord {
  name: Part;
  pid: number;
}

/**
 * A whole Convene as `npm start` runs it, with data of its own, whose processes can be killed by name. What was
 * killed is started again by its supervisor, as on anybody's machine. With TEMPORAL_ADDRESS its Temporal is that one.
 */
export async function startConvene({ env = {} }: { env?: Record<string, string> } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "convene-faults-"));
  await chmod(folder, 0o755);
  const data = join(folder, "data");
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const outside = outsideTemporal();
  const lines: string[] = [];
  const child = spawn(process.execPath, ["local/start.ts"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "",
      PORT: String(port),
      CONVENE_DATA: data,
      CONVENE_ADMIN_EMAIL: account.email,
      CONVENE_ADMIN_PASSWORD: account.password,
      API_RATE_PER_MINUTE: "100000",
      PAGE_RATE_PER_MINUTE: "100000",
      ...outside?.env,
      ...env,
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  createInterface(child.stderr).on("line", (line) => lines.push(line));
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      if (line.startsWith("ready:")) resolve();
    });
    void ended.then((code) => reject(new Error(`Convene ended with ${code}:\n${lines.slice(-30).join("\n")}`)));
  });

  const pids = () => {
    const records = JSON.parse(readFileSync(join(data, "processes.json"), "utf8")) as ProcessRecord[];
    return new Map(records.map(({ name, pid }) => [name, pid]));
  };
  const pidOf = (part: Part) => (part === "temporal" && outside ? outside.pid() : pids().get(part));
  /** What a living part was started with, such as the port it keeps over all its lives. */
  const argumentOf = async (part: Part, name: string): Promise<string> => {
    const args = (await readFile(`/proc/${pids().get(part)}/cmdline`, "utf8")).split("\0");
    const value = args[args.indexOf(name) + 1];
    if (!args.includes(name) || value === undefined) throw new Error(`${part} was started without ${name}`);
    return value;
  };
  const databaseUrl = async (): Promise<string> => {
    const secrets = JSON.parse(await readFile(join(data, "secrets.json"), "utf8")) as { databasePassword: string };
    const password = encodeURIComponent(secrets.databasePassword);
    return `postgresql://convene:${password}@127.0.0.1:${await argumentOf("postgres", "-p")}/convene`;
  };
  const client = await createClient({ url, databaseUrl, log: () => lines });
  const temporal = outside ?? {
    address: `127.0.0.1:${await argumentOf("temporal", "--port")}`,
    namespace: "default",
  };

  return {
    ...client,
    pidOf,
    temporal: { address: temporal.address, namespace: temporal.namespace },
    log: () => lines,
    /** SIGKILL, to this one process; gives its pid. */
    kill(part: Part): number {
      const pid = pidOf(part);
      if (pid === undefined) throw new Error(`${part} is between two lives`);
      process.kill(pid, "SIGKILL");
      return pid;
    },
    /** Keeps a part down: kills it again whenever it comes back, for this long. */
    async keepDown(part: Part, forMs: number): Promise<void> {
      const until = Date.now() + forMs;
      while (Date.now() < until) {
        const pid = pidOf(part);
        if (pid !== undefined) tryKill(pid);
        await wait(100);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Convene = Awaited<ReturnType<typeof startConvene>>;

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
