import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Client } from "@temporalio/client";
import { DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import type { LogEntry } from "@temporalio/worker";
import { register } from "prom-client";
import { createActivities } from "#activities/index.ts";
import { createPrisma } from "#prisma/client.ts";
import { callAgentsAgain } from "#records/meetings/agent-again.ts";
import { createLog } from "#records/log.ts";
import { measureQueries } from "#records/query-times.ts";
import { taskQueues } from "#workflows/messages.ts";
import { createDeliver } from "./deliver.ts";
import { startDispatcher } from "./outbox-dispatcher.ts";
import { readWorkerEnv } from "./env.ts";
import { startInbox } from "./inbox-dispatcher.ts";
import { startQueuePlaces } from "./queue-places.ts";
import { createMails } from "./mail.ts";
import { serveHealth } from "./health.ts";
import { keptBundle } from "./kept-bundle.ts";
import { measureWorker } from "./metrics.ts";
import { saveToolVersions } from "./save-tool-versions.ts";
import { readiness } from "./readiness.ts";
import { reconcileSchedules } from "./schedules.ts";
import { connectTemporal, hasSearchAttributes } from "./temporal.ts";
import { temporalOptions } from "./temporal-options.ts";
import { createActivityDeps } from "./activity-deps.ts";
import { waitForDatabase, waitForTemporal } from "./wait-for.ts";

// Media and scratch files are for this account alone.
process.umask(0o077);
const { env, temporal } = settings();
const log = createLog({ level: env.LOG_LEVEL, name: "worker" });
Runtime.install({ shutdownSignals: [], logger: new DefaultLogger("WARN", pass) });

const database = createPrisma({
  url: env.DATABASE_URL,
  // Three listeners, two dispatchers with many deliveries under way, and the activities.
  maxConnections: 20,
  onError: (error) => log.warn({ err: error }, "database connection lost"),
});
let state: "starting" | "polling" | "stopping" = "starting";
let reached: Client | null = null;
const health = serveHealth({
  ports: [env.METRICS_PORT, env.WORKER_HEALTH_PORT],
  registry: register,
  readiness: () => readiness({ worker: state, prisma: database.prisma, client: reached }),
});
measureQueries(register, database.pool);
await waitForDatabase(database.prisma, { log });
const { connection, client } = await waitForTemporal(() => connectTemporal(temporal, env.TEMPORAL_NAMESPACE), {
  log,
  address: env.TEMPORAL_ADDRESS,
});
reached = client;
measureWorker({
  registry: register,
  pool: database.pool,
  client,
  log,
  linkLimitMs: env.AGENT_LINK_MINUTES * 60_000,
});
const tools = await createActivityDeps({ env, log, prisma: database.prisma, pool: database.pool, client });
const indexed = await hasSearchAttributes(client);
if (!indexed) log.warn("the Temporal namespace lacks our search attributes; runs cannot be filtered in Temporal UI");
await reconcileSchedules(client, {
  autoJoinSeconds: env.AUTO_JOIN_INTERVAL_SECONDS,
  calendarSyncSeconds: env.CALENDAR_SYNC_INTERVAL_SECONDS,
});

const shared = {
  connection,
  namespace: env.TEMPORAL_NAMESPACE,
  activities: createActivities(tools),
  shutdownGraceTime: "10 seconds",
  // A cancelled stage must hear of it at once, and heartbeats carry the news.
  maxHeartbeatThrottleInterval: "1 second",
  defaultHeartbeatThrottleInterval: "1 second",
} as const;
const workers = await Promise.all([
  Worker.create({
    ...shared,
    taskQueue: taskQueues.light,
    workflowBundle: { code: await keptBundle({ make: bundleWorkflows }) },
    maxCachedWorkflows: 200,
    // One thread does them. More at once only wait there until the server takes them for lost, and asks again.
    maxConcurrentWorkflowTaskExecutions: 10,
  }),
  Worker.create({
    ...shared,
    taskQueue: taskQueues.heavy,
    maxConcurrentActivityTaskExecutions: env.MEDIA_CONCURRENCY,
  }),
  Worker.create({
    ...shared,
    taskQueue: taskQueues.calls,
    // What ends at once goes on at once with another worker; the links themselves are held until it has them.
    shutdownGraceTime: 0,
    // One for each call that goes on; they only listen.
    maxConcurrentActivityTaskExecutions: 1_000,
  }),
  Worker.create({
    ...shared,
    taskQueue: taskQueues.bots,
    maxTaskQueueActivitiesPerSecond: env.BOT_TASKS_PER_SECOND,
  }),
  Worker.create({
    ...shared,
    taskQueue: taskQueues.downloads,
    maxConcurrentActivityTaskExecutions: 8,
  }),
  Worker.create({
    ...shared,
    taskQueue: taskQueues.calendars,
    // Where many people connect theirs at once, more of them would only wait for threads and for the database.
    maxConcurrentActivityTaskExecutions: 8,
  }),
]);
const shares = { prisma: database.prisma, client, log, indexed, queues: taskQueues, publicUrl: env.PUBLIC_URL };
const mails = createMails({
  prisma: database.prisma,
  log,
  smtpUrl: env.SMTP_URL,
  from: env.MAIL_FROM,
  publicUrl: env.PUBLIC_URL,
});
const dispatchers = [
  startDispatcher({
    pool: database.pool,
    log,
    deliver: createDeliver({
      ...shares,
      pool: database.pool,
      media: tools.media,
      bots: tools.bots,
      calls: tools.calls,
      mails,
      accounts: tools.accounts,
    }),
  }),
  startInbox({ ...shares, pool: database.pool }),
  startQueuePlaces({ prisma: database.prisma, log }),
];

const stop = () => {
  state = "stopping";
  for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
};
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
// Started by a supervisor that has died: nobody would stop us any more.
process.on("disconnect", stop);

const running = Promise.all(workers.map((worker) => worker.run()));
state = "polling";
const again = await callAgentsAgain(database.prisma).catch((error: unknown) => {
  log.warn({ err: error }, "agents that gave up are not called again");
  return 0;
});
if (again > 0) log.info({ calls: again }, "agents that gave up are called again");
void saveToolVersions({ prisma: database.prisma, log, path: env.YTDLP_PATH });
log.info({ temporal: env.TEMPORAL_ADDRESS, speech: tools.speech.engine.id }, "worker is polling");
await running;
await tools.heldLinks.releaseAll();
await Promise.all(dispatchers.map((each) => each.stop()));
await tools.media.releaseAll();
await connection.close();
await database.close();
health.close();
process.exit(0);

/** A person mends settings by their names; a stack would only hide them. */
function settings() {
  try {
    const read = readWorkerEnv(process.env);
    return { env: read, temporal: temporalOptions(read) };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function pass({ level, message, meta }: LogEntry): void {
  // The other queues are for activities only, as they should be.
  if (message.startsWith("No workflows registered")) return;
  // What a person has no use for.
  const { taskToken: _token, namespace: _namespace, sdkComponent: _part, isLocal: _place, ...told } = meta ?? {};
  log[level === "ERROR" ? "error" : "warn"](told, message);
}

async function bundleWorkflows(): Promise<string> {
  const script = fileURLToPath(new URL("./bundle-workflows.ts", import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 64 * 1024 * 1024 });
  if (stderr !== "") log.warn({ bundler: stderr }, "bundling the workflows");
  return stdout;
}
