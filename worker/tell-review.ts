import { WorkflowNotFoundError } from "@temporalio/client";
import type { Client } from "@temporalio/client";
import { reviewWorkflowId } from "#domain/ids.ts";
import { isUnderReview } from "#records/channels/review-wait.ts";
import type { PrismaClient } from "#records/db.ts";
import type { OutboxPayloads } from "#records/queues/outbox.ts";
import { reviewChanged } from "#workflows/messages.ts";
import type { TaskQueues } from "#workflows/messages.ts";
import type { review } from "#workflows/review.ts";

interface Deps {
  prisma: PrismaClient;
  client: Client;
  queues: TaskQueues;
}

/** Lets the workflow of an episode that waits for a decision look at it again; one that is missing is begun. */
export async function tellReview(
  { prisma, client, queues }: Deps,
  { episodeId, revision }: OutboxPayloads["review.changed"],
): Promise<void> {
  const workflowId = reviewWorkflowId(episodeId, revision);
  if (await isUnderReview(prisma, { id: episodeId, revision })) {
    await client.workflow.signalWithStart<typeof review>("review", {
      workflowId,
      taskQueue: queues.light,
      args: [{ episodeId, revision }],
      signal: reviewChanged,
    });
    return;
  }
  await client.workflow
    .getHandle(workflowId)
    .signal(reviewChanged)
    .catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
}
