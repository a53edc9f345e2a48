import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { createNaiveMeetings } from "#bench/naive/meetings.ts";
import { completeWithOpenAi, connectThroughStream } from "#bench/naive/meetings/outside.ts";
import type { NaiveDatabase } from "#bench/naive/meetings/schema.ts";

export interface Outside {
  databaseUrl: string;
  modelUrl: string;
  providerUrl: string;
}

/** One process of the reference design, until it is killed. */
export interface Host {
  url: string;
  kill(): Promise<void>;
}

const never = new Promise<never>(() => {});
const openAiKey = "sk-test";

/** A real process, to be killed for real. */
export async function spawnHost({ databaseUrl, modelUrl, providerUrl }: Outside): Promise<Host> {
  const child = spawn(process.execPath, ["bench/naive/meetings-process.ts"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      ...process.env,
      NODE_OPTIONS: "",
      PORT: "0",
      DATABASE_URL: databaseUrl,
      MODEL_URL: modelUrl,
      PROVIDER_URL: providerUrl,
    },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith("ready ")) resolve(line.slice("ready ".length));
    });
    child.once("exit", (code) => reject(new Error(`the reference design's process ended with ${code}`)));
  });
  return {
    url,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export interface ActedHostOptions extends Outside {
  startsWhenActive: boolean;
  /** Wraps the statements of the process, to fail some. */
  meddle(db: NaiveDatabase): NaiveDatabase;
}

/**
 * A process that is acted inside this one. Killing it cuts off all by which it could go on: what it waits for (the
 * database, the model, the calls, a timer) never comes. Its retries wait a twentieth of their time.
 */
export async function actHost(options: ActedHostOptions): Promise<Host> {
  const { databaseUrl, modelUrl, providerUrl, startsWhenActive, meddle } = options;
  let isAlive = true;
  const whileAlive = async <T>(work: Promise<T>): Promise<T> => {
    // Also what ends in an error must not be heard of any more.
    const [outcome] = await Promise.allSettled([work]);
    if (!isAlive) return never;
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  };
  const pool = new Pool({ connectionString: databaseUrl });
  pool.on("error", () => {});
  // A server that has run for a while holds its connections already.
  await Promise.all(Array.from({ length: 10 }, () => pool.query("SELECT pg_sleep(0.02)")));

  const db = meddle(pool);
  const complete = completeWithOpenAi({ baseUrl: modelUrl, apiKey: openAiKey });
  const connect = connectThroughStream({ basePath: providerUrl, apiKey: "key", secret: "secret", openAiKey });
  const { app } = createNaiveMeetings({
    pool: { query: (text, values) => (isAlive ? whileAlive(db.query(text, values)) : never) },
    complete: (messages) => (isAlive ? whileAlive(complete(messages)) : never),
    connectAgent: (seat) => (isAlive ? whileAlive(connect(seat)) : never),
    wait: (ms) => whileAlive(sleep(ms / 20)),
    log: () => {},
    startsWhenActive,
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async kill() {
      isAlive = false;
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), pool.end()]);
    },
  };
}
