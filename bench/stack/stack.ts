import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "#local/port-checks.ts";
import { startPostgres } from "#local/postgres.ts";
import { outsideTemporal } from "#tests/setup/outside-temporal.ts";
import { createPrisma } from "#prisma/client.ts";
import type { Database } from "#prisma/client.ts";
import { signIn } from "./person.ts";
import type { Person } from "./person.ts";

/** The program as `npm start` runs it, on a database that the bench can see into. */
export interface Stack extends AsyncDisposable {
  url: string;
  database: Database;
  person: Person;
  /** The process behind `npm start`; all others but `postgresPid` descend from it. */
  pid: number;
  postgresPid: number;
}

const account = { email: "bench@example.com", password: "bench-password-only" };

/**
 * Starts Postgres (with its real, durable settings) and then everything else by the program's own start command, with
 * further settings where there are any.
 */
export async function startStack(say: (line: string) => void, settings: Record<string, string> = {}): Promise<Stack> {
  await using made = new AsyncDisposableStack();
  const folder = await newFolder();
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startPostgres(
    { dataDir: join(folder, "postgres"), password: "bench" },
    { log: (name, line) => say(`${name}: ${line}`) },
  );
  made.defer(() => postgres.stop());
  const program = made.use(await startProgram({ folder, say, env: { ...settings, DATABASE_URL: postgres.url } }));
  const database = createPrisma({ url: postgres.url });
  made.defer(() => database.close());
  const user = await database.prisma.user.findUniqueOrThrow({ where: { email: account.email } });
  const workspace = await database.prisma.workspace.findFirstOrThrow({ where: { personalOfId: user.id } });
  const cookie = await signIn(program.url, account);
  const all = made.move();
  return {
    url: program.url,
    database,
    pid: program.pid,
    postgresPid: postgres.pid() ?? 0,
    person: { userId: user.id, workspaceId: workspace.id, cookie, origin: program.url },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A fresh folder that also the account Postgres runs as may enter. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "convene-bench-"));
  await chmod(folder, 0o755);
  return folder;
}

export interface Program extends AsyncDisposable {
  url: string;
  pid: number;
  /** From the start of the process to its `ready:` line. */
  readyMs: number;
}

/** Runs `npm start`'s command with its data in `folder` and waits for its `ready:` line. */
export async function startProgram(options: {
  folder: string;
  say: (line: string) => void;
  env?: Record<string, string>;
}): Promise<Program> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["local/start.ts"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PORT: String(await freePort()),
      CONVENE_DATA: join(options.folder, "data"),
      CONVENE_ADMIN_EMAIL: account.email,
      CONVENE_ADMIN_PASSWORD: account.password,
      // The bench is one address and one person where a real day has a thousand; it speaks as their proxy.
      TRUST_PROXY: "1",
      API_RATE_PER_MINUTE: "1000000",
      PAGE_RATE_PER_MINUTE: "1000000",
      ...outsideTemporal()?.env,
      ...options.env,
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // A bench that ends badly takes the program with it.
  const stop = () => child.kill("SIGTERM");
  process.once("exit", stop);
  createInterface(child.stderr).on("line", options.say);
  const url = await new Promise<string>((resolve, reject) => {
    const lines = createInterface(child.stdout);
    lines.on("line", (line) => {
      const ready = /ready:\s+(http\S+)/.exec(line)?.[1];
      if (ready) resolve(ready);
      else options.say(line);
    });
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code} before it was ready`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedAt,
    async [Symbol.asyncDispose]() {
      process.off("exit", stop);
      stop();
      await ended;
    },
  };
}
