import { randomUUID } from "node:crypto";
import { Worker } from "@temporalio/worker";
import type { Activities } from "#activities/index.ts";
import { meetingWorkflowId, reviewWorkflowId } from "#domain/ids.ts";
import type { RunInput } from "#workflows/messages.ts";
import { testTemporal } from "#tests/setup/temporal.ts";

const firstStage = {
  recording: "upload",
  analysis: "summary",
  meeting: "upcoming",
  recorder: "upcoming",
  video: "downloading",
  backfill: "listing",
  cut: "audio_processing",
} as const;

/** `TASK_QUEUE_TYPE_ACTIVITY` of Temporal's API. */
const activityQueue = 2;

/**
 * A worker with the given activities on queues of its own, and a way to start runs on it. `heavyPlaces`: how many heavy
 * activities it does at a time, where that matters.
 */
export async function workflowWorker(activities: Activities, { heavyPlaces }: { heavyPlaces?: number } = {}) {
  const temporal = await testTemporal();
  const heavyQueue = `${temporal.taskQueue}-media`;
  const { nativeConnection: connection, namespace, workflowBundle } = temporal;
  const workers = await Promise.all([
    Worker.create({ connection, namespace, workflowBundle, activities, taskQueue: temporal.taskQueue }),
    Worker.create({
      connection,
      namespace,
      activities,
      taskQueue: heavyQueue,
      ...(heavyPlaces === undefined ? {} : { maxConcurrentActivityTaskExecutions: heavyPlaces }),
    }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    client: temporal.client,
    /** How many heavy activities the server has ready that wait for a place, by priority. */
    async waitingByPriority(): Promise<Record<number, number>> {
      const { statsByPriorityKey } = await temporal.client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: heavyQueue },
        taskQueueType: activityQueue,
        reportStats: true,
      });
      const stats = Object.entries(statsByPriorityKey ?? {});
      return Object.fromEntries(stats.map(([key, each]) => [key, Number(each.approximateBacklogCount ?? 0)]));
    },
    async start(input: Partial<RunInput> = {}, priorityKey?: number) {
      const kind = input.kind ?? "recording";
      const conversationId = randomUUID();
      const full: RunInput = {
        runId: randomUUID(),
        conversationId,
        kind,
        attempt: 1,
        resumeFrom: firstStage[kind],
        version: 1,
        indexed: true,
        heavyQueue,
        ...input,
      };
      return temporal.client.workflow.start(kind, {
        // A meeting and its agent find each other by their ids.
        workflowId: kind === "meeting" ? meetingWorkflowId(conversationId) : `test-${kind}:${conversationId}`,
        taskQueue: temporal.taskQueue,
        args: [full],
        ...(priorityKey === undefined ? {} : { priority: { priorityKey } }),
      });
    },
    /** The wait for a decision on an episode. */
    startReview() {
      const input = { episodeId: randomUUID(), revision: 1 };
      return temporal.client.workflow.start("review", {
        workflowId: reviewWorkflowId(input.episodeId, input.revision),
        taskQueue: temporal.taskQueue,
        args: [input],
      });
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) worker.shutdown();
      await running;
      await temporal[Symbol.asyncDispose]();
    },
  };
}
