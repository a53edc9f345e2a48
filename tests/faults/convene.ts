import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import type { QueryResultRow } from "pg";
import { freePort } from "#local/port-checks.ts";
import { outsideTemporal } from "#tests/setup/outside-temporal.ts";

export type Part = "web" | "worker" | "temporal" | "postgres";

interface ProcessRecord {
  name: Part;
  pid: number;
}

/** The run's answer as the API gives it; the tests read a few fields of many. */
export interface RecordingAnswer {
  id: string;
  status: string;
  stage: string;
  percent: number;
  error: { code: string; stage: string } | null;
  summary: { text: string; bullets: { text: string; segmentIds: string[] }[] } | null;
}

const account = { email: "faults@example.com", password: "only-for-fault-tests" };

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

  const headers = { cookie: await signIn(url), origin: url };
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
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } });

  const databaseUrl = async (): Promise<string> => {
    const secrets = JSON.parse(await readFile(join(data, "secrets.json"), "utf8")) as { databasePassword: string };
    const password = encodeURIComponent(secrets.databasePassword);
    return `postgresql://convene:${password}@127.0.0.1:${await argumentOf("postgres", "-p")}/convene`;
  };
  /** A connection to the database itself. */
  const database = async (): Promise<Client> => {
    const client = new Client({ connectionString: await databaseUrl() });
    client.on("error", () => {});
    await client.connect();
    return client;
  };

  const temporal = outside ?? {
    address: `127.0.0.1:${await argumentOf("temporal", "--port")}`,
    namespace: "default",
  };

  return {
    url,
    headers,
    pidOf,
    temporal: { address: temporal.address, namespace: temporal.namespace },
    ask,
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
    async upload(bytes: Buffer<ArrayBuffer>, name: string, query = ""): Promise<string> {
      const form = new FormData();
      form.set("file", new Blob([bytes]), name);
      const response = await ask(`/api/recordings${query}`, { method: "POST", body: form });
      if (response.status !== 202) throw new Error(`upload answered ${response.status}: ${await response.text()}`);
      return ((await response.json()) as { id: string }).id;
    },
    recording: async (id: string) => (await (await ask(`/api/recordings/${id}`)).json()) as RecordingAnswer,
    transcript: async (id: string) =>
      ((await (await ask(`/api/recordings/${id}/transcript`)).json()) as { segments: TranscriptLine[] }).segments,
    /** Waits for a final status, through any number of refused connections. */
    async finished(id: string, withinMs = 300_000): Promise<RecordingAnswer> {
      const until = Date.now() + withinMs;
      for (;;) {
        const now = await ask(`/api/recordings/${id}`)
          .then((response) => (response.ok ? (response.json() as Promise<RecordingAnswer>) : null))
          .catch(() => null);
        if (now !== null && ["completed", "failed", "cancelled"].includes(now.status)) return now;
        if (Date.now() > until) throw new Error(`not finished: ${JSON.stringify(now)}\n${lines.slice(-20).join("\n")}`);
        await wait(250);
      }
    },
    database,
    databaseUrl,
    /** Asks the database what no API shows; connects anew for each question, since Postgres gets killed too. */
    async rows<T extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> {
      const client = await database();
      try {
        return (await client.query<T>(sql, values)).rows;
      } finally {
        await client.end();
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

export interface TranscriptLine {
  sequenceNumber: number;
  speaker: string;
  text: string;
  start: number;
  end: number;
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(account),
  });
  if (!response.ok) throw new Error(`sign-in answered ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
