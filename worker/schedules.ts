import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import type { Duration } from "@temporalio/common";
import { taskQueues } from "#workflows/messages.ts";

interface Intervals {
  /** Seconds between two passes of auto-join. */
  autoJoinSeconds: number;
  /** Seconds between two syncs of a calendar. */
  calendarSyncSeconds: number;
}

interface Scheduled {
  scheduleId: string;
  workflowType: string;
  seconds: number;
  catchupWindow: Duration;
}

/** What runs by the clock. A pass that was missed is made up for by the next one. */
const schedulesOf = ({ autoJoinSeconds, calendarSyncSeconds }: Intervals): Scheduled[] => [
  { scheduleId: "convene-upkeep", workflowType: "upkeep", seconds: 300, catchupWindow: "1 minute" },
  { scheduleId: "convene-reconcile", workflowType: "reconcile", seconds: 300, catchupWindow: "1 minute" },
  {
    scheduleId: "convene-calendars",
    workflowType: "calendarPass",
    // Reminders go by the minute, and calendars that are to be synced more often than that need a pass as often.
    seconds: Math.min(60, calendarSyncSeconds),
    catchupWindow: "1 minute",
  },
  { scheduleId: "convene-channels", workflowType: "channelPass", seconds: 60, catchupWindow: "1 minute" },
  {
    scheduleId: "convene-auto-join",
    workflowType: "autoJoinSweep",
    seconds: autoJoinSeconds,
    catchupWindow: "2 minutes",
  },
];

/**
 * Makes sure that the schedules exist and run as often as they are set to. Every worker does this at its start; the
 * first one creates.
 */
export async function reconcileSchedules(client: Client, intervals: Intervals): Promise<void> {
  for (const { scheduleId, workflowType, seconds, catchupWindow } of schedulesOf(intervals)) {
    const spec = { intervals: [{ every: seconds * 1000 }] };
    try {
      await client.schedule.create({
        scheduleId,
        spec,
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow },
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
      await client.schedule.getHandle(scheduleId).update((known) => ({ ...known, spec }));
    }
  }
}
