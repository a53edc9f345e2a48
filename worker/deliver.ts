import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from "@temporalio/client";
import { TypedSearchAttributes } from "@temporalio/common";
import type { Logger } from "pino";
import type { RunKind, Stage } from "#domain/stages.ts";
import type { PrismaClient } from "#records/db.ts";
import { mediaPrefix } from "#records/media-store.ts";
import type { MediaStore } from "#records/media-store.ts";
import type { OutboxPayloads } from "#records/outbox.ts";
import { applyRunEvent } from "#records/runs.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { cancel, conveneKind, conveneOwner, conveneStage } from "#workflows/messages.ts";
import type { RunInput, TaskQueues } from "#workflows/messages.ts";
import { NotYet } from "./dispatcher.ts";
import type { Deliver } from "./dispatcher.ts";

interface Deps {
  prisma: PrismaClient;
  client: Client;
  media: MediaStore;
  log: Logger;
  /** Whether the cluster has our search attributes. */
  indexed: boolean;
  queues: TaskQueues;
  /** Where people find the run's page; no link is made without it. */
  publicUrl?: string | undefined;
}

/** What each kind of outbox row does. Every one may be delivered more than once. */
export function createDeliver(deps: Deps): Deliver {
  return (message) => {
    switch (message.kind) {
      case "run.start":
        return startRun(deps, message.payload);
      case "run.cancel":
        return cancelRun(deps, message.payload);
      case "conversation.deleted":
        return removeConversation(deps, message.payload);
      default:
        return message satisfies never;
    }
  };
}

async function startRun(
  { prisma, client, log, indexed, queues, publicUrl }: Deps,
  { runId, attempt, lost }: OutboxPayloads["run.start"],
): Promise<void> {
  const run = await prisma.run.findUnique({
    where: { id: runId },
    include: { conversation: { select: { ownerId: true, analyses: { select: { version: true } } } } },
  });
  if (run === null || run.attempt !== attempt || isFinal(run.status as RunStatus)) return;
  const input: RunInput = {
    runId,
    conversationId: run.conversationId,
    kind: run.kind as RunKind,
    attempt,
    resumeFrom: run.stage as Stage,
    version: run.kind === "analysis" ? Number(run.workflowId.split(":").at(-1)) : 1,
    indexed,
    heavyQueue: queues.heavy,
  };
  try {
    await client.workflow.start(run.kind, {
      workflowId: run.workflowId,
      taskQueue: queues.light,
      args: [input],
      // A first start that is delivered again must not begin a second execution; a retry is meant to begin one.
      workflowIdReusePolicy: attempt === 1 && !lost ? "REJECT_DUPLICATE" : "ALLOW_DUPLICATE",
      workflowIdConflictPolicy: "FAIL",
      staticSummary: `${run.kind} ${run.conversationId}`,
      ...(publicUrl === undefined
        ? {}
        : { staticDetails: `[Open in Convene](${publicUrl}/recordings/${run.conversationId})` }),
      ...(indexed
        ? {
            typedSearchAttributes: new TypedSearchAttributes([
              { key: conveneKind, value: run.kind },
              { key: conveneOwner, value: run.conversation.ownerId ?? "" },
              { key: conveneStage, value: run.stage },
            ]),
          }
        : {}),
    });
    log.info({ runId, attempt, workflowId: run.workflowId }, "run started");
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const claimed = await prisma.runClaim.count({ where: { runId, attempt } });
    // Nobody works on this attempt yet: the execution before it has still to close.
    if (claimed === 0) throw new NotYet(`${run.workflowId} is still open`);
  }
}

async function cancelRun({ prisma, client }: Deps, { runId }: OutboxPayloads["run.cancel"]): Promise<void> {
  const run = await prisma.run.findUnique({ where: { id: runId } });
  if (run === null || isFinal(run.status as RunStatus) || !run.cancelRequested) return;
  try {
    await client.workflow.getHandle(run.workflowId).executeUpdate(cancel, { updateId: `cancel-${run.attempt}` });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    // Its workflow is gone, so nobody else will ever write this end.
    await prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "cancelled" }, run.attempt));
  }
}

async function removeConversation(
  { client, media }: Deps,
  { conversationId, workflowIds }: OutboxPayloads["conversation.deleted"],
): Promise<void> {
  for (const workflowId of workflowIds) {
    await client.workflow
      .getHandle(workflowId)
      .terminate("The conversation was deleted")
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
  }
  await media.removeAll(mediaPrefix(conversationId));
}
