import { expect, test } from "vitest";
import { priorities } from "#domain/priorities.ts";
import { scriptedActivities } from "./fake-activities.ts";
import { workflowWorker } from "./run-workflow.ts";

test("during a backfill of 100 videos an upload gets the next free place", async () => {
  const free = Promise.withResolvers<void>();
  const begun: string[] = [];
  const { activities } = scriptedActivities({
    transcode: async ({ runId }) => {
      begun.push(runId);
      await free.promise;
    },
  });
  await using worker = await workflowWorker(activities, { heavyPlaces: 1 });
  const video = { kind: "video", resumeFrom: "transcode" } as const;
  const backfill = await Promise.all(
    Array.from({ length: 100 }, () => worker.start({ ...video }, priorities.backfill)),
  );
  await expect.poll(() => begun.length).toBe(1);
  const { backfill: last, upload: first } = priorities;
  await expect.poll(worker.waitingByPriority, { timeout: 60_000 }).toMatchObject({ [last]: 99 });
  const runId = crypto.randomUUID();
  const upload = await worker.start({ runId, resumeFrom: "transcode" }, first);
  await expect.poll(worker.waitingByPriority, { timeout: 60_000 }).toMatchObject({ [first]: 1, [last]: 99 });
  free.resolve();
  await expect.poll(() => begun.includes(runId)).toBe(true);
  // A queue has parts, of which each gives what is first in it: few go before, of the 99 that had come before.
  expect(begun.indexOf(runId)).toBeLessThanOrEqual(10);
  await Promise.all([...backfill, upload].map((handle) => handle.terminate("seen").catch(() => undefined)));
});
