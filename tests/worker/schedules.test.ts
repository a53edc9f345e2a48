import { ScheduleOverlapPolicy } from "@temporalio/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testTemporal } from "#tests/setup/temporal.ts";
import type { TestTemporal } from "#tests/setup/temporal.ts";
import { reconcileSchedules } from "#worker/schedules.ts";

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await testTemporal();
});
afterAll(async () => {
  for await (const { scheduleId } of temporal.client.schedule.list())
    if (scheduleId.startsWith("convene-")) await temporal.client.schedule.getHandle(scheduleId).delete();
  await temporal[Symbol.asyncDispose]();
});

const sweep = () => temporal.client.schedule.getHandle("convene-auto-join");

test("B-12 B-59 B-61 passes of auto-join are made as often as is set, one at a time, with an end each", async () => {
  await reconcileSchedules(temporal.client, { autoJoinSeconds: 60, calendarSyncSeconds: 300 });
  const made = await sweep().describe();
  expect(made).toMatchObject({
    spec: { intervals: [{ every: 60_000 }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: 120_000 },
    action: { workflowType: "autoJoinSweep", workflowExecutionTimeout: 600_000 },
  });
  await reconcileSchedules(temporal.client, { autoJoinSeconds: 3600, calendarSyncSeconds: 300 });
  expect((await sweep().describe()).spec.intervals).toMatchObject([{ every: 3_600_000 }]);
});

test("a schedule that an operator paused stays paused when a worker starts", async () => {
  const intervals = { autoJoinSeconds: 3600, calendarSyncSeconds: 300 };
  await reconcileSchedules(temporal.client, intervals);
  await sweep().pause("while the provider is away");
  await reconcileSchedules(temporal.client, intervals);
  expect((await sweep().describe()).state).toMatchObject({ paused: true, note: "while the provider is away" });
});
