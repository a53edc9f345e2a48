import { expect, test } from "vitest";
import { noCall } from "#domain/meeting.ts";
import { rename } from "#workflows/messages.ts";
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
