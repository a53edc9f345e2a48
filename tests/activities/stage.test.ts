import { MockActivityEnvironment } from "@temporalio/testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createRunActivities } from "#activities/runs.ts";
import { createRunStage } from "#activities/stage.ts";
import { createFolderStore } from "#records/folder-store.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";

const log = pino({ level: "silent" });

test("case 31: a stage that finds no room on the disk says so in its run, and may be tried again", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const { id, runId } = await addRecording(prisma, await addPerson(prisma));
  const media = createFolderStore("/nowhere");
  const { claimRun } = createRunActivities({ prisma, media, log, isExecutionOpen: async () => true });
  await claimRun({ runId, attempt: 1, temporalRunId: "1" });
  const runStage = createRunStage({ prisma, log });
  const input = { runId, conversationId: id, attempt: 1 };
  const full = () =>
    runStage("transcode", input, async () => {
      throw Object.assign(new Error("write"), { code: "ENOSPC" });
    });
  const environment = new MockActivityEnvironment();
  await expect(environment.run(full)).rejects.toMatchObject({ type: "storage_full", nonRetryable: false });
  expect(await prisma.run.findUniqueOrThrow({ where: { id: runId } })).toMatchObject({
    status: "processing",
    stage: "transcode",
    message: "Waiting: the server has no room left on its disk",
  });
});
