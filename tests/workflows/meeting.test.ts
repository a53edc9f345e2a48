import { ApplicationFailure } from "@temporalio/common";
import { expect, test } from "vitest";
import { noCall } from "#domain/meeting.ts";
import { inbox, rename } from "#workflows/messages.ts";
import { scriptedActivities } from "./fake-activities.ts";
import { workflowWorker } from "./run-workflow.ts";

test("an edit that comes while the meeting's row is being read is not lost", async () => {
  const reading = Promise.withResolvers<void>();
  let reads = 0;
  const { activities, calls } = scriptedActivities({
    async openMeeting() {
      reads += 1;
      const isFirst = reads === 1;
      if (isFirst) await reading.promise;
      return { facts: noCall, remindAt: isFirst ? null : 0, longestMs: 3_600_000, waitsForFile: false };
    },
  });
  await using worker = await workflowWorker(activities);
  const run = await worker.start({ kind: "meeting" });
  await expect.poll(() => reads).toBe(1);
  await run.executeUpdate(rename, { args: [{ edit: "e1" }] });
  reading.resolve();
  await expect.poll(() => calls).toContain("remindOfMeeting");
  await run.terminate();
});

const call = [
  { id: "d1", event: { type: "callStarted" as const, at: 1_000 } },
  { id: "d2", event: { type: "callEnded" as const, at: 2_000 } },
];

test("A-49 a transcript that cannot be collected at hand is collected as any stage is", async () => {
  let tries = 0;
  const { activities, endings } = scriptedActivities({
    async collectTranscript() {
      tries += 1;
      if (tries === 1) throw ApplicationFailure.nonRetryable("The database is away", "storage_unavailable");
    },
  });
  await using worker = await workflowWorker(activities);
  const run = await worker.start({ kind: "meeting" });
  await run.signal(inbox, call);
  await run.result();
  expect({ tries, endings }).toEqual({ tries: 2, endings: [{ type: "completed" }] });
});

test("what no try can mend ends the meeting's run after the first", async () => {
  let tries = 0;
  const { activities, endings } = scriptedActivities({
    async collectTranscript() {
      tries += 1;
      throw ApplicationFailure.nonRetryable("Nobody heard it", "not_heard");
    },
  });
  await using worker = await workflowWorker(activities);
  const run = await worker.start({ kind: "meeting" });
  await run.signal(inbox, call);
  await run.result();
  expect(tries).toBe(1);
  expect(endings).toMatchObject([{ type: "failed", error: { code: "not_heard", stage: "drain" } }]);
});
