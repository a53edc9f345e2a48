import type { ApplicationFailure } from "@temporalio/activity";
import { ActivityCancellationDetails } from "@temporalio/common";
import { MockActivityEnvironment } from "@temporalio/testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createRunActivities } from "#activities/runs.ts";
import { failure } from "#activities/clients/child.ts";
import { createRunStage, waitForSource } from "#activities/stage.ts";
import { createLog } from "#records/log.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

const log = pino({ level: "silent" });

/** A recording's run whose first attempt is claimed. */
async function claimed({ prisma }: TestDatabase) {
  const { id, runId } = await addRecording(prisma, await addPerson(prisma));
  const media = createFolderStore("/nowhere");
  const { claimRun } = createRunActivities({ prisma, media, log, isExecutionOpen: async () => true });
  await claimRun({ runId, attempt: 1, temporalRunId: "1" });
  return { runId, conversationId: id, attempt: 1 };
}

test("case 31: a stage that finds no room on the disk says so in its run, and may be tried again", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const input = await claimed(db);
  const runStage = createRunStage({ prisma, log });
  const full = () =>
    runStage("transcode", input, async () => {
      throw Object.assign(new Error("write"), { code: "ENOSPC" });
    });
  const environment = new MockActivityEnvironment();
  await expect(environment.run(full)).rejects.toMatchObject({ type: "storage_full", nonRetryable: false });
  expect(await prisma.run.findUniqueOrThrow({ where: { id: input.runId } })).toMatchObject({
    status: "processing",
    stage: "transcode",
    message: "Waiting: the server has no room left on its disk",
  });
});

test("A-20 a stage's failure tells its workflow which try it was, and keeps its code, words and wait", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const input = await claimed(db);
  const away = () =>
    createRunStage({ prisma, log })("summary", input, async () => {
      throw failure("provider_unavailable", "503", 7_000);
    });
  await expect(new MockActivityEnvironment({ attempt: 3 }).run(away)).rejects.toMatchObject({
    type: "provider_unavailable",
    message: expect.stringContaining("(503)") as unknown,
    nonRetryable: false,
    nextRetryDelay: 7_000,
    details: [{ tries: 3 }],
  });
});

test("A-21 each try that fails is logged with its number, of how many, and the code", async () => {
  await using db = await testDatabase();
  const input = await claimed(db);
  const lines: object[] = [];
  const keep = { write: (line: string) => void lines.push(JSON.parse(line) as object) };
  const kept = createLog({ name: "test", level: "info" }, keep);
  const fail = (error: Error, attempt: number) =>
    new MockActivityEnvironment({ attempt, retryPolicy: { maximumAttempts: 3 } })
      .run(() => createRunStage({ prisma: db.prisma, log: kept })("summary", input, () => Promise.reject(error)))
      .catch(() => undefined);
  await fail(failure("provider_unavailable", "503"), 1);
  await fail(new Error("a mistake of ours"), 2);
  await fail(failure("model_refused"), 3);
  await fail(waitForSource("closed until noon", 60_000), 1);
  const about = { runId: input.runId, stage: "summary", msg: "[Retry] stage failed" };
  const words = (pattern: RegExp) => expect.stringMatching(pattern) as unknown;
  expect(lines).toMatchObject([
    { ...about, level: 40, code: "provider_unavailable", tries: 1, of: 3, err: { message: words(/\(503\)$/) } },
    { ...about, level: 50, code: "internal", tries: 2, of: 3, err: { message: "a mistake of ours" } },
    { ...about, level: 40, code: "model_refused", tries: 3, of: 3, err: { message: words(/refused/) } },
  ]);
});

test("a stage whose source is closed says until when, and the wait uses up no try", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const input = await claimed(db);
  const closed = () =>
    createRunStage({ prisma, log })("transcode", input, async () => {
      throw waitForSource("It goes on at noon.", 60_000);
    });
  await expect(new MockActivityEnvironment().run(closed)).rejects.toMatchObject({
    type: "source_waiting",
    nonRetryable: true,
    details: [{ tries: 1, waitMs: 60_000 }],
  });
  const run = await prisma.run.findUniqueOrThrow({ where: { id: input.runId }, include: { stages: true } });
  expect(run).toMatchObject({ status: "processing", message: "It goes on at noon." });
  expect(run.stages.find(({ stage }) => stage === "transcode")?.tries).toBe(0);
});

test("a stage whose worker is asked to stop hands its work back, and the try counts for nothing", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const input = await claimed(db);
  const runStage = createRunStage({ prisma, log });
  const tries = async () =>
    (await prisma.runStage.findFirst({ where: { runId: input.runId, stage: "transcription" } }))?.tries;
  const stopping = async (attempt: number, turn: number) => {
    const environment = new MockActivityEnvironment({ attempt });
    const work = () =>
      runStage("transcription", { ...input, turn }, async ({ signal }) => {
        environment.cancel("WORKER_SHUTDOWN", new ActivityCancellationDetails({ workerShutdown: true }));
        signal.throwIfAborted();
      });
    await expect(environment.run(work)).rejects.toMatchObject({ type: "worker_restarting", nonRetryable: true });
  };
  await stopping(1, 0);
  expect(await tries()).toBe(0);
  await new MockActivityEnvironment().run(() => runStage("transcription", { ...input, turn: 0 }, async () => "more"));
  expect(await tries()).toBe(1);
  // A later turn counted none, so there is none to give back.
  await stopping(1, 3);
  expect(await tries()).toBe(1);
  await stopping(2, 3);
  expect(await tries()).toBe(1);
});

test("a database that is away is no fault of the work, however it says so", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const input = await claimed(db);
  const runStage = createRunStage({ prisma, log });
  const types = [];
  for (const code of ["53300", "P2037", "ETIMEDOUT", "EPIPE", "57P02", "08006", "42601"]) {
    const failing = () => runStage("transcode", input, () => Promise.reject(Object.assign(new Error("x"), { code })));
    const failed: unknown = await new MockActivityEnvironment().run(failing).catch((error: unknown) => error);
    types.push((failed as ApplicationFailure).type);
  }
  expect(types).toEqual([...Array.from({ length: 6 }, () => "storage_unavailable"), "internal"]);
});
