import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Context } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import { Worker } from "@temporalio/worker";
import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { createRunActivities } from "#activities/runs.ts";
import { createUpkeepActivities } from "#activities/upkeep.ts";
import { calendarSyncWorkflowId } from "#domain/ids.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { newId } from "#records/ids.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import type { OutboxMessage } from "#records/queues/outbox.ts";
import { cancelRun, retryRun } from "#records/runs/run-requests.ts";
import { NotYet } from "#worker/outbox-dispatcher.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testTemporal } from "#tests/setup/temporal.ts";
import { scriptedActivities } from "#tests/workflows/fake-activities.ts";
import "#tests/workflows/run-workflow.ts";
import { testDeliver } from "./test-deliver.ts";

const log = pino({ level: "silent" });

/** Real rows, a real Temporal server and the real bookkeeping; only the stages themselves are scripted. */
async function bench(stages: Parameters<typeof scriptedActivities>[0] = {}) {
  const db = await testDatabase();
  const temporal = await testTemporal();
  const folder = await mkdtemp(join(tmpdir(), "deliver-"));
  const media = createFolderStore(folder);
  const queues = {
    light: temporal.taskQueue,
    heavy: `${temporal.taskQueue}-media`,
    bots: temporal.taskQueue,
    downloads: temporal.taskQueue,
    calendars: `${temporal.taskQueue}-calendars`,
    calls: `${temporal.taskQueue}-calls`,
  };
  const { activities, calls } = scriptedActivities({
    ...createRunActivities({ ...db, media, log, isExecutionOpen: async () => true }),
    ...stages,
  });
  const { nativeConnection: connection, namespace, workflowBundle } = temporal;
  const workers = await Promise.all([
    Worker.create({ connection, namespace, workflowBundle, activities, taskQueue: queues.light }),
    Worker.create({ connection, namespace, activities, taskQueue: queues.heavy }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  const person = await addPerson(db.prisma);
  return {
    db,
    calls,
    media,
    person,
    client: temporal.client,
    /** Until then nobody reads calendars. */
    readCalendars: () => Worker.create({ connection, namespace, activities, taskQueue: queues.calendars }),
    deliver: testDeliver({ db, client: temporal.client, media, queues }),
    run: (id: string) => db.prisma.run.findUniqueOrThrow({ where: { id } }),
    async [Symbol.asyncDispose]() {
      for (const worker of workers) worker.shutdown();
      await running;
      await temporal[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test("a start that is delivered three times runs once", async () => {
  await using at = await bench();
  const { runId } = await addRecording(at.db.prisma, at.person);
  const start = { kind: "run.start", payload: { runId, attempt: 1 } } as const;
  await at.deliver(start);
  // Refused for now while the first execution has not claimed the run yet, done when it has.
  const again = await at.deliver(start).catch((error: unknown) => error);
  expect(again === undefined || again instanceof NotYet).toBe(true);
  await expect.poll(async () => (await at.run(runId)).status, { timeout: 20_000 }).toBe("completed");
  await at.deliver(start);
  expect(at.calls.filter((name) => name === "transcode")).toHaveLength(1);
});

test("a retry runs the same workflow id again, from the failed stage, once", async () => {
  let broken = true;
  await using at = await bench({
    async transcribe() {
      if (broken) throw ApplicationFailure.nonRetryable("broken", "internal");
      at.calls.push("transcribe");
      return "done";
    },
  });
  const { id, runId } = await addRecording(at.db.prisma, at.person);
  await at.deliver({ kind: "run.start", payload: { runId, attempt: 1 } });
  await expect.poll(async () => (await at.run(runId)).status, { timeout: 40_000 }).toBe("failed");
  expect(await at.run(runId)).toMatchObject({ errorStage: "transcription", errorAttempt: 1 });
  broken = false;
  await retryRun(at.db.prisma, at.person.userId, runId);
  const retry = { kind: "run.start", payload: { runId, attempt: 2 } } as const;
  // Not yet, as long as the execution that failed has not closed; the dispatcher asks again, as here.
  await vi.waitFor(() => at.deliver(retry), { timeout: 20_000 });
  await expect.poll(async () => (await at.run(runId)).status, { timeout: 20_000 }).toBe("completed");
  await at.deliver(retry);
  expect(at.calls).toEqual(["checkUpload", "transcode", "diarize", "transcribe", "summarise"]);
  const count = async () =>
    (
      await at.client.workflowService.countWorkflowExecutions({
        namespace: at.client.options.namespace,
        query: `WorkflowId = "recording:${id}"`,
      })
    ).count?.toString();
  await expect.poll(count, { timeout: 20_000 }).toBe("2");
});

test("a calendar is read from a queue of its own, and nothing else waits behind it", async () => {
  await using at = await bench();
  const { userId: ownerId, workspaceId } = at.person;
  const { id: calendarId } = await at.db.prisma.calendar.create({
    data: { id: newId(), ownerId, workspaceId, kind: "file", name: "Work" },
  });
  await at.deliver({ kind: "calendar.sync", payload: { calendarId, requestedAt: Date.now() } });
  const { runId } = await addRecording(at.db.prisma, at.person);
  await at.deliver({ kind: "run.start", payload: { runId, attempt: 1 } });
  await expect.poll(async () => (await at.run(runId)).status, { timeout: 20_000 }).toBe("completed");
  expect(at.calls).not.toContain("syncCalendar");
  const reader = await at.readCalendars();
  await reader.runUntil(at.client.workflow.getHandle(calendarSyncWorkflowId(calendarId)).result());
  expect(at.calls.slice(-2)).toEqual(["syncCalendar", "sweepRecorders"]);
});

test("cancelling reaches the workflow, and ends a run whose workflow is gone", async () => {
  await using at = await bench();
  const { runId } = await addRecording(at.db.prisma, at.person);
  await at.db.prisma.outbox.updateMany({ data: { state: "done" } });
  await cancelRun(at.db.prisma, at.person.userId, runId);
  expect(await at.run(runId)).toMatchObject({ status: "pending", cancelRequested: true });
  await at.deliver({ kind: "run.cancel", payload: { runId } });
  expect(await at.run(runId)).toMatchObject({ status: "cancelled" });
});

test("a deleted conversation's workflow is ended and its files are removed, also when asked twice", async () => {
  const transcode = vi.fn<() => Promise<never>>(() => Context.current().cancelled);
  await using at = await bench({ transcode });
  const { id, runId } = await addRecording(at.db.prisma, at.person);
  await at.media.putText(mediaKeys(id).original, "sound");
  await at.deliver({ kind: "run.start", payload: { runId, attempt: 1 } });
  await expect.poll(() => transcode.mock.calls.length).toBe(1);
  await deleteConversation(at.db.prisma, { userId: at.person.userId, id });
  const removal: OutboxMessage = {
    kind: "conversation.deleted",
    payload: { conversationId: id, workflowIds: [`recording:${id}`] },
  };
  await at.deliver(removal);
  await at.deliver(removal);
  const { status } = await at.client.workflow.getHandle(`recording:${id}`).describe();
  expect(status.name).toBe("TERMINATED");
  expect(await at.media.size(mediaKeys(id).original)).toBeNull();
});

test("a run whose workflow was lost with Temporal's database is started again", async () => {
  await using at = await bench();
  const { runId, id } = await addRecording(at.db.prisma, at.person);
  const { claimRun } = createRunActivities({ ...at.db, media: at.media, log, isExecutionOpen: async () => true });
  await claimRun({ runId, attempt: 1, temporalRunId: "lost-with-the-database" });
  await at.db.prisma.$executeRaw`UPDATE run SET updated_at = now() - interval '1 hour'`;
  await at.db.prisma.outbox.deleteMany();
  const upkeep = createUpkeepActivities({
    scratchDir: join(tmpdir(), "convene-none"),
    prisma: at.db.prisma,
    media: at.media,
    log,
    botEraseAfterDays: 7,
    isWorkflowOpen: async () => false,
  });
  await upkeep.restartLostRuns();
  const [row] = await at.db.prisma.outbox.findMany();
  expect(row).toMatchObject({ kind: "run.start", payload: { runId, attempt: 1, lost: true } });
  await at.deliver({ kind: "run.start", payload: { runId, attempt: 1, lost: true } });
  // The row says it before the workflow knows it, so its own end is what is waited for.
  const handle = at.client.workflow.getHandle(`recording:${id}`);
  expect(await handle.result()).toMatchObject({ status: "completed" });
  expect(await handle.query("state")).toMatchObject({ status: "completed" });
  expect((await at.run(runId)).status).toBe("completed");
});
