import { Context } from "@temporalio/activity";
import type { Client } from "@temporalio/client";
import { expect, test } from "vitest";
import { waitForSource } from "#activities/stage.ts";
import { sourceOpened } from "#workflows/messages.ts";
import { scriptedActivities } from "./fake-activities.ts";
import { workflowWorker } from "./run-workflow.ts";

const hour = 3_600_000;

test("a video that waits for a closed source goes on when it is opened, in its turn, and also when that is told while it asks", async () => {
  const asked: number[] = [];
  const told: { client?: Client } = {};
  const { activities, calls } = scriptedActivities({
    async downloadVideo() {
      asked.push(Date.now());
      const { workflowId } = Context.current().info.workflowExecution ?? {};
      // Opened between the answer that it is closed and the wait for it.
      if (asked.length === 2) await told.client?.workflow.getHandle(workflowId ?? "").signal(sourceOpened, { inMs: 0 });
      if (asked.length < 3) throw waitForSource("The source is closed.", hour, { untilOpen: true });
    },
  });
  await using worker = await workflowWorker(activities);
  told.client = worker.client;
  const run = await worker.start({ kind: "video" });
  await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(1);
  await run.signal(sourceOpened, { inMs: 1_500 });
  const openedAt = Date.now();
  await run.result();
  expect(asked).toHaveLength(3);
  expect((asked[1] ?? 0) - openedAt).toBeGreaterThanOrEqual(1_400);
  expect(calls).toContain("storeEpisode");
});

test("a video that waits for a stream's end does not ask sooner because its source is opened", async () => {
  let asked = 0;
  const { activities } = scriptedActivities({
    async downloadVideo() {
      asked += 1;
      if (asked === 1) throw waitForSource("It is not over yet.", 3_000);
    },
  });
  await using worker = await workflowWorker(activities);
  const run = await worker.start({ kind: "video" });
  await expect.poll(() => asked, { timeout: 20_000 }).toBe(1);
  const from = Date.now();
  await run.signal(sourceOpened, { inMs: 0 });
  await run.result();
  expect([asked, Date.now() - from >= 2_500]).toEqual([2, true]);
});
