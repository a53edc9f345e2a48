import { join } from "node:path";
import type { Client } from "@temporalio/client";
import { Worker } from "@temporalio/worker";
import type { NativeConnection } from "@temporalio/worker";
import type { Logger } from "pino";
import { createAgentLinkActivities } from "#activities/agent-link.ts";
import { createAnalysisActivities } from "#activities/analysis.ts";
import { createCallArtefactActivities } from "#activities/call-artefacts.ts";
import type { ActivityDeps } from "#activities/index.ts";
import { createHeldLinks } from "#activities/held-links.ts";
import { createMeetingActivities } from "#activities/meetings.ts";
import { createReconcileActivities } from "#activities/reconcile.ts";
import { createRunActivities } from "#activities/runs.ts";
import { createAccounts } from "#activities/clients/accounts/accounts.ts";
import { createStreamCalls } from "#activities/clients/calls/stream/stream.ts";
import { createSources } from "#activities/clients/sources/sources.ts";
import { createAllowedAddresses } from "#activities/clients/allowed-addresses.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { timing } from "#domain/timing.ts";
import type { Database } from "#prisma/client.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import type { FakeStream } from "#tests/fakes/stream.ts";
import { testSealer } from "#tests/setup/seal.ts";
import { createCallEnds } from "#worker/call-ends.ts";
import { createDeliver } from "#worker/deliver.ts";
import { createMails } from "#worker/mail.ts";
import { startDispatcher } from "#worker/outbox-dispatcher.ts";
import { startInbox } from "#worker/inbox-dispatcher.ts";
import { signalAgentLeft, signalTranscript } from "#worker/signals.ts";
import { quotingAnalyst } from "./quoting-analyst.ts";
import { scriptedPlanReader } from "./scripted-plan.ts";

interface Given {
  db: Pick<Database, "prisma" | "pool">;
  client: Client;
  stream: Pick<FakeStream, "apiKey" | "apiSecret" | "baseUrl" | "openAiApiKey">;
  /** For files. */
  folder: string;
  log: Logger;
}

/** What the activities of meetings work with in tests: Stream's stand-in, and readers that need no model. */
export function meetingDeps({ db, client, stream, folder, log }: Given): ActivityDeps {
  const { apiKey, apiSecret, baseUrl, openAiApiKey } = stream;
  const plan = scriptedPlanReader();
  return {
    prisma: db.prisma,
    pool: db.pool,
    sealer: testSealer,
    accounts: createAccounts({ prisma: db.prisma, sealer: testSealer, log, clients: {} }),
    media: createFolderStore(folder),
    log,
    scratchDir: join(folder, "scratch"),
    mediaLimits: { maxDurationSeconds: 3600, deadlineMs: 60_000, maxRssMb: 1024 },
    speech: notUsed("speech"),
    chooseAnalyst: () => quotingAnalyst,
    choosePlanReader: () => plan.reader,
    meetingModel: "embedded",
    calls: { stream: createStreamCalls({ apiKey, apiSecret, baseUrl, openAiApiKey, log }) },
    bots: { chosen: null, all: [] },
    guardedFetch: createGuardedFetch({ allow: [] }),
    streamBaseUrl: baseUrl,
    botHoursPerDay: 24,
    botEraseAfterDays: 7,
    botWatch: { aloneMs: 60 * 60_000, silentMs: 60 * 60_000 },
    longestCallMs: 60 * 60_000,
    linkLimitMs: 55 * 60_000,
    heldLinks: createHeldLinks({ mostMs: timing.heldLinkMs }),
    collectsLive: () => true,
    signalTranscript: signalTranscript(client),
    signalAgentLeft: signalAgentLeft(client),
    callEnds: createCallEnds({ pool: db.pool, log }),
    autoJoin: { enabled: true, percent: 100, domains: [], botProvider: null },
    calendarSyncMs: 300_000,
    sources: createSources({
      guardedFetch: createGuardedFetch({ allow: ["127.0.0.0/8"] }),
      allowedAddresses: createAllowedAddresses({ allow: ["127.0.0.0/8"] }),
      youtube: {
        apiKey: undefined,
        baseUrl: undefined,
        ytdlp: { cacheDir: "/nowhere", path: "/nowhere/yt-dlp", proxy: undefined, log: () => {} },
      },
    }),
    channelCheckMs: 900_000,
    publicUrl: undefined,
    downloadLimits: { fileBytes: 1024 ** 2, ownerBytes: 1024 ** 3 },
    spendLimitCents: null,
    isWorkflowOpen: async () => true,
    isExecutionOpen: async () => true,
  };
}

/** What the workflows of meetings call; no others, so that a change to them does not reach each test of a meeting. */
const meetingActivities = (deps: ActivityDeps) => ({
  ...createRunActivities(deps),
  ...createAnalysisActivities(deps),
  ...createMeetingActivities(deps),
  ...createAgentLinkActivities(deps),
  ...createCallArtefactActivities(deps),
  ...createReconcileActivities(deps),
});

/** Makes further activities, for workflows beside those of meetings. */
export type MoreActivities = (deps: ActivityDeps) => object;

interface WorkerGiven {
  /** Of the dispatchers; the activities have theirs. */
  db: Pick<Database, "prisma" | "pool">;
  deps: ActivityDeps;
  moreActivities?: MoreActivities | undefined;
  client: Client;
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: { codePath: string };
  /** How much light work is done at once (default 100). */
  lightSlots?: number | undefined;
  /** Whether heavy work is done too; else it waits. */
  doesHeavy?: boolean | undefined;
}

/** A worker as its process runs it: the workflows, the activities and both dispatchers. */
export async function startMeetingWorker(given: WorkerGiven) {
  const { db, deps, client, connection, namespace, taskQueue, workflowBundle, lightSlots } = given;
  const { prisma, pool } = db;
  const { media, log } = deps;
  const queues = {
    light: taskQueue,
    heavy: `${taskQueue}-media`,
    calls: `${taskQueue}-calls`,
    bots: `${taskQueue}-bots`,
    downloads: `${taskQueue}-downloads`,
    calendars: `${taskQueue}-calendars`,
  };
  const common = {
    connection,
    namespace,
    activities: { ...meetingActivities(deps), ...given.moreActivities?.(deps) },
    maxHeartbeatThrottleInterval: "1 second",
    defaultHeartbeatThrottleInterval: "1 second",
    shutdownGraceTime: "1 second",
  } as const;
  const slots = lightSlots === undefined ? {} : { maxConcurrentActivityTaskExecutions: lightSlots };
  const workers = await Promise.all([
    Worker.create({ ...common, ...slots, taskQueue: queues.light, workflowBundle }),
    Worker.create({ ...common, taskQueue: queues.calls, shutdownGraceTime: 0 }),
    ...(given.moreActivities === undefined
      ? []
      : [queues.bots, queues.downloads, queues.calendars, ...(given.doesHeavy ? [queues.heavy] : [])].map((queue) =>
          Worker.create({ ...common, taskQueue: queue }),
        )),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  const shared = { prisma, client, log, indexed: true, queues };
  const deliver = createDeliver({
    ...shared,
    pool,
    media,
    bots: deps.bots,
    calls: deps.calls,
    accounts: deps.accounts,
    mails: createMails({ prisma, log, smtpUrl: undefined, from: "", publicUrl: undefined }),
  });
  const dispatchers = [startDispatcher({ pool, log, deliver }), startInbox({ ...shared, pool })];
  /** Ends its work; agents' links are held. */
  const drain = async () => {
    await Promise.all(dispatchers.map((each) => each.stop()));
    for (const worker of workers) worker.shutdown();
    await running;
  };
  return {
    drain,
    async stop() {
      await drain();
      await deps.heldLinks.releaseAll();
    },
  };
}

const notUsed = (name: string) =>
  new Proxy({} as ActivityDeps["speech"], {
    get() {
      throw new Error(`${name} is not used by meetings`);
    },
  });
