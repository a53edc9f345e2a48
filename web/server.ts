import { setTimeout as sleep } from "node:timers/promises";
import { createAccountClients } from "#activities/clients/accounts/account-clients.ts";
import { createAccounts } from "#activities/clients/accounts/accounts.ts";
import { createPrisma } from "#prisma/client.ts";
import { databaseState, wayOut } from "#prisma/migration-state.ts";
import { createLog } from "#records/log.ts";
import { createSealer } from "#records/seal.ts";
import { openMediaStore } from "#records/media/open-media-store.ts";
import { createAuth } from "./auth/auth.ts";
import type { WebDeps } from "./deps.ts";
import { loadWebEnv } from "./env.ts";
import type { WebEnv } from "./env.ts";
import { replaceAfterFault } from "./http/faults.ts";
import type { Lifecycle } from "./http/health.ts";
import { createExpress } from "./http/express.ts";
import { limitConnections } from "./http/connection-limit.ts";
import { createHttpServer, proxyIdleMs } from "./http/http-server.ts";
import { createMetrics, serveMetrics } from "./http/metrics.ts";
import { createLiveFeed } from "./live/live-feed.ts";
import { attachLive } from "./live/attach.ts";
import { loadPages } from "./load-pages.ts";
import { attachPractice } from "./practice/attach.ts";
import { endWithParent, listen } from "./http/process.ts";
import { createUploads } from "./uploads/uploads.ts";

const mostStartMs = 10_000;

/**
 * Builds the web process and serves until `stop`. `url` is where it listens. With `replace`, errors that nothing catches
 * are logged from the first request on, and end in it.
 */
export async function startServer(env: WebEnv, { replace }: { replace?: () => void } = {}) {
  const log = createLog({ level: env.LOG_LEVEL, name: "web" });
  const database = createPrisma({
    url: env.DATABASE_URL,
    maxConnections: env.DATABASE_CONNECTIONS,
    // Somebody waits for every answer, so a database that is frozen has to be found out soon.
    queryDeadlineMs: 15_000,
    onError: (error) => log.warn({ err: error }, "database connection lost"),
  });
  const { prisma, pool } = database;
  const auth = createAuth({ env, prisma });
  const sealer = createSealer(env.SEAL_KEYS);
  const metrics = createMetrics(pool);
  const feed = createLiveFeed({ env, log, prisma, auth, metrics });
  const deps: WebDeps = {
    env,
    log,
    prisma,
    pool,
    auth,
    live: feed,
    sealer,
    accounts: createAccounts({
      prisma,
      sealer,
      log,
      clients: createAccountClients(env),
    }),
    media: await openMediaStore(env),
    metrics,
  };
  const lifecycle: Lifecycle = { isStopping: false, faults: 0 };
  if (replace !== undefined) replaceAfterFault({ log, lifecycle, replace });

  // It goes on all the same: `/readyz` says so too, and is asked again and again.
  const state = await databaseState(prisma);
  if (state !== "ok") log.warn(wayOut[state]);
  if (env.CONVENE_ADMIN_EMAIL && env.CONVENE_ADMIN_PASSWORD) {
    const isNew = await auth.createFirstAdmin({ email: env.CONVENE_ADMIN_EMAIL, password: env.CONVENE_ADMIN_PASSWORD });
    if (isNew) log.info("made the first administrator");
  }
  const uploads = await createUploads(deps);
  const http = createHttpServer();
  const { server } = http;
  if (env.TRUST_PROXY === 0) limitConnections(server, env.CONNECTIONS_PER_ADDRESS);
  else server.keepAliveTimeout = proxyIdleMs;
  const pages = await loadPages(deps, http);
  server.on("request", createExpress(deps, { lifecycle, uploads, pages }));
  // After Express: Socket.IO takes over the listeners that are there already and answers its own path itself.
  const live = attachLive(http, { ...deps, feed });
  const practice = attachPractice(http, deps);
  const url = await listen(server, env);
  const metricsServer = env.METRICS_PORT === undefined ? null : await serveMetrics(deps.metrics, env.METRICS_PORT);

  /** Takes readiness back, ends sockets, lets running requests finish, then closes the database. */
  const stop = async () => {
    lifecycle.isStopping = true;
    await Promise.all([live.close(), practice.close()]);
    await http.close();
    await uploads.close();
    metricsServer?.close();
    await database.close();
  };
  const endsAlone = (error: Error) => {
    log.fatal(error.message);
    process.exitCode = 1;
  };
  const shown = practice.begin().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  // A database that is away is waited for, and the address is looked at when it is back.
  if (state === "unreachable") shown.catch(endsAlone);
  else await shown;
  log.info({ url: env.PUBLIC_URL }, "listening");
  return { url, deps, lifecycle, stop };
}

if (import.meta.main) {
  // Uploads and media are for this account alone.
  process.umask(0o077);
  try {
    const starting = startServer(loadWebEnv(), { replace: () => end(1) });
    // Who asks it to stop before it has started does not ask again; what hangs at its start is not waited for.
    const end = endWithParent(async () => {
      const started = await Promise.race([starting, sleep(mostStartMs, null)]);
      await started?.stop();
    });
    await starting;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
