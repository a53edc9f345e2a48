import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import { taskQueues } from "#workflows/messages.ts";

/** Makes sure that the schedules exist. Every worker does this at its start; the first one creates. */
export async function reconcileSchedules(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: "convene-upkeep",
      spec: { intervals: [{ every: "5 minutes" }] },
      // A pass that was missed is made up for by the next one.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: "1 minute" },
      action: {
        type: "startWorkflow",
        workflowType: "upkeep",
        workflowId: "upkeep",
        taskQueue: taskQueues.light,
        workflowExecutionTimeout: "10 minutes",
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
