import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import { taskQueues } from "#workflows/messages.ts";

/** What runs by the clock. A pass that was missed is made up for by the next one. */
const schedules = [
  { scheduleId: "convene-upkeep", workflowType: "upkeep", every: "5 minutes" },
  { scheduleId: "convene-reconcile", workflowType: "reconcile", every: "5 minutes" },
  { scheduleId: "convene-calendars", workflowType: "calendarPass", every: "1 minute" },
] as const;

/** Makes sure that the schedules exist. Every worker does this at its start; the first one creates. */
export async function reconcileSchedules(client: Client): Promise<void> {
  for (const { scheduleId, workflowType, every } of schedules) {
    try {
      await client.schedule.create({
        scheduleId,
        spec: { intervals: [{ every }] },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: "1 minute" },
        action: {
          type: "startWorkflow",
          workflowType,
          workflowId: workflowType,
          taskQueue: taskQueues.light,
          workflowExecutionTimeout: "10 minutes",
        },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}
