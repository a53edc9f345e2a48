import { Context } from "@temporalio/activity";
import type { Client } from "@temporalio/client";
import { expect, test } from "vitest";
import { priorities } from "#domain/priorities.ts";
import { botChanged } from "#workflows/messages.ts";
import { scriptedActivities } from "./fake-activities.ts";
import { workflowWorker } from "./run-workflow.ts";

test("what is told of a bot while it is looked at makes it be looked at again at once", async () => {
  let looks = 0;
  let client: Client | null = null;
  const { activities, endings } = scriptedActivities({
    readBot: async () => {
      looks += 1;
      if (looks > 1) return { state: "ended", reason: "meeting_ended", wasIn: true };
      const { workflowId } = Context.current().info.workflowExecution!;
      await client!.workflow.getHandle(workflowId).signal(botChanged, []);
      return { state: "joining", reason: null, wasIn: false };
    },
  });
  await using worker = await workflowWorker(activities);
  ({ client } = worker);
  const run = await worker.start({ kind: "recorder" });
  // Nobody tells of the first look: it is the clock's. What came during it waits for no clock.
  await run.result();
  const { events } = await run.fetchHistory();
  expect(events?.filter((event) => event.timerFiredEventAttributes != null)).toHaveLength(1);
  expect(looks).toBe(2);
  expect(endings).toEqual([{ type: "completed" }]);
});

test("what is told of a bot is looked at before what only the clock asks for", async () => {
  let looks = 0;
  const { activities } = scriptedActivities({
    readBot: async () => {
      looks += 1;
      return looks > 2
        ? { state: "ended", reason: "meeting_ended", wasIn: true }
        : { state: "joining", reason: null, wasIn: false };
    },
  });
  await using worker = await workflowWorker(activities);
  const run = await worker.start({ kind: "recorder" }, priorities.live);
  await expect.poll(() => looks).toBe(1);
  await run.signal(botChanged, []);
  await run.result();
  const { events = [] } = await run.fetchHistory();
  const priorityOfLook = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled?.activityType?.name === "readBot" ? [scheduled.priority?.priorityKey] : [],
  );
  // One that has none of its own has its run's.
  expect(priorityOfLook.slice(0, 2)).toEqual([priorities.poll, undefined]);
});
