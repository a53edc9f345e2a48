import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll } from "vitest";
import type { ActivityDeps } from "#activities/index.ts";
import { meetingWorkflowId } from "#domain/ids.ts";
import type { PlanSession } from "#domain/plan.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { startFakeStream } from "#tests/fakes/stream.ts";
import { scriptedPlanReader } from "./scripted-plan.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { testTemporal } from "#tests/setup/temporal.ts";
import { startWeb } from "#tests/web/server.ts";
import { signalTranscript } from "#worker/signals.ts";
import { meetingDeps, startMeetingWorker } from "./worker.ts";
import type { MoreActivities } from "./worker.ts";

const log = pino({ level: process.env["TEST_LOG"] ?? "silent" });

export interface SystemOptions {
  activities?: Partial<ActivityDeps> | ((db: TestDatabase) => Partial<ActivityDeps>);
  moreActivities?: MoreActivities;
  /** Begins without a worker. */
  isWorkerless?: boolean;
  /** Told of every range that is signalled. */
  signalled?: (toSequence: number) => void;
  /** How much light work the worker does at once (default 100). */
  lightSlots?: number;
  /** Whether the worker does heavy work too; else it waits. */
  doesHeavy?: boolean;
  /** Whether web and worker have one media folder, as on one machine. */
  sharesMedia?: boolean;
  /** Settings of the web server. */
  settings?: Record<string, string>;
}

export type MeetingSystem = Awaited<ReturnType<typeof startMeetings>>;

/**
 * The whole of live meetings in one process: a real web server with its webhook, real Postgres, the real workflows on
 * a real Temporal server, both dispatchers, and Stream's stand-in behind its real SDK.
 */
export async function startMeetings(options: SystemOptions = {}) {
  const db = await testDatabase();
  const temporal = await testTemporal();
  const stream = await startFakeStream();
  const folder = await mkdtemp(join(tmpdir(), "convene-meetings-"));
  const { apiKey, apiSecret, baseUrl } = stream;
  const settings = { STREAM_API_KEY: apiKey, STREAM_API_SECRET: apiSecret, STREAM_BASE_URL: baseUrl };
  const web = await startWeb(db, {
    settings: { ...settings, ...options.settings },
    ...(options.sharesMedia ? { mediaDir: folder } : {}),
  });
  const tellRange = signalTranscript(temporal.client);
  const plan = scriptedPlanReader();
  const { client, nativeConnection: connection, namespace, workflowBundle, taskQueue } = temporal;
  const given = typeof options.activities === "function" ? options.activities(db) : options.activities;
  const basic = meetingDeps({ db, client, stream, folder, log });
  const deps: ActivityDeps = {
    ...basic,
    publicUrl: web.url,
    choosePlanReader: () => plan.reader,
    async signalTranscript(meetingId, toSequence) {
      options.signalled?.(toSequence);
      await tellRange(meetingId, toSequence);
    },
    ...given,
  };
  const { lightSlots, doesHeavy, moreActivities } = options;
  const startWorker = () =>
    startMeetingWorker({
      db,
      deps,
      moreActivities,
      client,
      connection,
      namespace,
      workflowBundle,
      taskQueue,
      lightSlots,
      doesHeavy,
    });

  let worker = options.isWorkerless ? null : await startWorker();
  const owner = await web.signUp();
  const hook = stream.webhook(`${web.url}/api/webhook`);

  return {
    db,
    web,
    stream,
    owner,
    hook,
    plan,
    folder,
    temporal,
    taskQueue,
    client,
    async stopWorker() {
      await worker?.stop();
      worker = null;
    },
    async startWorker() {
      worker ??= await startWorker();
    },
    /** Stops the worker in order; before its process would end, there is another one. */
    async replaceWorker(meanwhile: () => Promise<void>) {
      await worker?.drain();
      await meanwhile();
      worker = await startWorker();
      await deps.heldLinks.releaseAll();
    },
    async addAgent(sessions: PlanSession[] = [], name = "Ada"): Promise<string> {
      const { userId, workspaceId } = owner;
      const draft = { name, instructions: "Be kind.", voice: "alloy", blueprint: { sessions } };
      return createAgent(db.prisma, { userId, workspaceId, ...draft });
    },
    async addMeeting(agentId: string, given: { prompt?: string; name?: string; scheduledAt?: Date } = {}) {
      const { userId, workspaceId } = owner;
      const created = await createMeeting(db.prisma, {
        userId,
        workspaceId,
        agentId,
        name: given.name ?? "A talk",
        prompt: given.prompt ?? "",
        scheduledAt: given.scheduledAt ?? null,
        durationMinutes: 30,
        provider: "stream",
      });
      if (!created.ok) throw new Error(created.reason);
      return created.id;
    },
    /** A request of the owner to the web server; the status of its answer. */
    async ask(method: string, path: string, body?: object): Promise<number> {
      const headers = { ...owner.headers, "content-type": "application/json" };
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${web.url}${path}`, { method, headers, ...payload });
      await response.arrayBuffer();
      return response.status;
    },
    run: (meetingId: string) =>
      db.prisma.run.findFirstOrThrow({ where: { conversationId: meetingId, kind: "meeting" } }),
    meeting: (meetingId: string) => db.prisma.meeting.findUniqueOrThrow({ where: { id: meetingId } }),
    transcript: (meetingId: string) => segmentsOf(db.prisma, meetingId),
    /** Waits until so many segments of a meeting are stored. */
    async whenStored(meetingId: string, count: number): Promise<void> {
      const stored = async () => {
        const row = await db.prisma.conversation.findUniqueOrThrow({ where: { id: meetingId } });
        return row.nextSequence - 1;
      };
      while ((await stored()) < count) await new Promise((resolve) => setTimeout(resolve, 2));
    },
    deliveries: (meetingId: string) =>
      db.prisma.webhookDelivery.findMany({ where: { subjectId: meetingId }, orderBy: { id: "asc" } }),
    handle: (meetingId: string) => temporal.client.workflow.getHandle(meetingWorkflowId(meetingId)),
    next: (meetingId: string) =>
      db.prisma.meeting.findMany({ where: { previousId: meetingId }, include: { conversation: true } }),
    async [Symbol.asyncDispose]() {
      await worker?.stop();
      await terminateAll();
      await web[Symbol.asyncDispose]();
      await stream.close();
      await temporal[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };

  // What a test leaves open would go on looking for a worker.
  async function terminateAll(): Promise<void> {
    const runs = await db.prisma.run.findMany({ select: { workflowId: true, conversationId: true } });
    const ids = runs.flatMap(({ workflowId, conversationId }) => [workflowId, `agent:${conversationId}`]);
    await Promise.all(
      ids.map((id) =>
        temporal.client.workflow
          .getHandle(id)
          .terminate("test is over")
          .catch(() => undefined),
      ),
    );
  }
}

/** One system for all tests of a file that need nothing of their own; each asks for it and makes meetings of its own. */
export function sharedMeetings(options: SystemOptions = {}): () => MeetingSystem {
  let at: MeetingSystem;
  beforeAll(async () => {
    at = await startMeetings(options);
  });
  afterAll(() => at[Symbol.asyncDispose]());
  return () => at;
}
