import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { inject } from "vitest";
import { cacheFolder } from "#local/cache-folder.ts";
import { freePort } from "#local/port-checks.ts";
import { compileCache } from "#local/settings.ts";
import { prepareNamespace } from "#local/temporal-namespace.ts";
import { waitUntil } from "#local/wait-until.ts";
import { fakeS3 } from "#tests/fakes/s3.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import { roundRobinProxy } from "#tests/web/round-robin-proxy.ts";
import { account, createClient } from "./client.ts";

const names = { web: ["web-1", "web-2"], worker: ["worker-1", "worker-2"] } as const;
type WebName = (typeof names.web)[number];
type WorkerName = (typeof names.worker)[number];
type ProcessName = WebName | WorkerName;

const bucket = "media";
/** For a process that is to be ready, on a busy machine. */
const patienceMs = 120_000;

/**
 * Two webs and two workers as on machines of their own: one database, one Temporal namespace and one bucket, behind a
 * proxy without stickiness; no folder in common, and nobody who starts again what was killed but the test.
 */
export async function startTopology() {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "convene-topology-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const db = stack.use(await testDatabase());
  const s3 = stack.use(await fakeS3(bucket));
  const address = inject("temporalAddress");
  const namespace = `topology-${randomUUID()}`;
  const lines: string[] = [];
  await prepareNamespace({ address, namespace, warn: (line) => lines.push(line) });

  const places = new Map<ProcessName, { port: number; url: string; folder: string }>();
  for (const name of [...names.web, ...names.worker]) {
    const port = await freePort();
    const own = join(folder, name);
    await mkdir(join(own, "tmp"), { recursive: true });
    places.set(name, { port, url: `http://127.0.0.1:${port}`, folder: own });
  }
  const placeOf = (name: ProcessName) => places.get(name)!;
  const webUrls = names.web.map((name) => placeOf(name).url);
  const proxy = stack.use(await roundRobinProxy(webUrls));
  const shared = {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? "",
    ...compileCache(),
    NODE_ENV: "production",
    DATABASE_URL: db.url,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    PUBLIC_URL: proxy.url,
    SEAL_KEYS: testSealKeys,
    S3_BUCKET: bucket,
    S3_REGION: "eu-central-1",
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: "test",
    S3_SECRET_ACCESS_KEY: "test-secret",
    CONVENE_CACHE: cacheFolder(),
  };
  const webSettings = {
    HOST: "127.0.0.1",
    TRUST_PROXY: "1",
    CONVENE_SECRET: randomBytes(32).toString("hex"),
    CONVENE_ADMIN_EMAIL: account.email,
    CONVENE_ADMIN_PASSWORD: account.password,
    API_RATE_PER_MINUTE: "100000",
    PAGE_RATE_PER_MINUTE: "100000",
  };

  const living = new Map<ProcessName, { child: ChildProcess; ended: Promise<void> }>();
  stack.defer(async () => {
    await Promise.all([...living.keys()].map((name) => end(name, "SIGTERM")));
  });

  /** Starts a process at its place, with what its life before left in its folder. Ready when it takes requests or work. */
  async function start(name: ProcessName): Promise<void> {
    const { port, url, folder: own } = placeOf(name);
    const isWeb = name.startsWith("web");
    const child = spawn(process.execPath, [isWeb ? "web/server.ts" : "worker/main.ts"], {
      // By the channel it hears that the tests' process has died, and stops.
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        ...shared,
        MEDIA_DIR: join(own, "media"),
        TMPDIR: join(own, "tmp"),
        ...(isWeb
          ? { ...webSettings, PORT: String(port) }
          : { WORKER_HEALTH_PORT: String(port), MEDIA_CONCURRENCY: "1" }),
      },
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    for (const output of [child.stdout, child.stderr]) {
      if (output !== null) createInterface(output).on("line", (line) => lines.push(`${name} ${line}`));
    }
    living.set(name, { child, ended });
    const isReady = () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    const died = ended.then(() => {
      throw new Error(`${name} ended before it was ready:\n${lines.slice(-20).join("\n")}`);
    });
    await Promise.race([died, waitUntil(`${name} is ready`, isReady, { deadlineMs: patienceMs, everyMs: 100 })]);
  }

  async function end(name: ProcessName, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const found = living.get(name);
    if (found === undefined) throw new Error(`${name} does not live`);
    living.delete(name);
    found.child.kill(signal);
    await found.ended;
  }

  const startMissing = async () => {
    await Promise.all([...names.web, ...names.worker].filter((name) => !living.has(name)).map(start));
  };
  await startMissing();
  const client = await createClient({
    url: proxy.url,
    databaseUrl: () => Promise.resolve(db.url),
    log: () => lines,
  });
  const owner = stack.move();
  return {
    ...client,
    s3,
    proxy,
    webUrls,
    secret: webSettings.CONVENE_SECRET,
    log: () => lines,
    webAt: (url: string): WebName => names.web[webUrls.indexOf(url)]!,
    /** Starts those that do not live. */
    startMissing,
    /** SIGKILL; resolves when it is gone. */
    kill: (name: ProcessName) => end(name, "SIGKILL"),
    /** SIGTERM, waited for, and started again: as a release rolls. */
    async restart(name: ProcessName): Promise<void> {
      await end(name, "SIGTERM");
      await start(name);
    },
    /** Files that processes have where media lies without a bucket. */
    async mediaFiles(): Promise<string[]> {
      const found = await readdir(folder, { recursive: true, withFileTypes: true });
      return found
        .filter((each) => each.isFile())
        .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
        .filter((path) => path.split("/")[1] === "media");
    },
    [Symbol.asyncDispose]: () => owner.disposeAsync(),
  };
}
export type Topology = Awaited<ReturnType<typeof startTopology>>;
