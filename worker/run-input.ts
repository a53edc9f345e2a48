import type { PrismaClient } from "#records/db.ts";
import { transcribesMedia } from "#domain/stages.ts";
import type { RunKind, Stage } from "#domain/stages.ts";
import type { RunInput } from "#workflows/messages.ts";
import { TypedSearchAttributes } from "@temporalio/common";
import { conversationPath } from "#domain/ids.ts";
import { conveneKind, conveneOwner, conveneStage } from "#workflows/messages.ts";
import type { TaskQueues } from "#workflows/messages.ts";

interface Deps {
  prisma: PrismaClient;
  /** Whether the cluster has our search attributes. */
  indexed: boolean;
  queues: TaskQueues;
  /** Where people find the run's page; no link is made without it. */
  publicUrl?: string | undefined;
}

const withConversation = {
  conversation: { select: { kind: true, recording: { select: { summaryVersion: true } } } },
  recorder: { select: { id: true } },
} as const;

/** A run's row as starting its workflow needs it; null: it is gone. */
export const startableRun = (prisma: PrismaClient, where: { id: string } | { workflowId: string }) =>
  prisma.run.findUnique({ where, include: withConversation });
export type StartableRun = NonNullable<Awaited<ReturnType<typeof startableRun>>>;

/** Which version of the summary a run makes. */
function versionOf({ kind, workflowId, conversation }: StartableRun): number {
  if (kind === "analysis") return Number(workflowId.split(":").at(-1));
  return transcribesMedia(kind) ? (conversation?.recording?.summaryVersion ?? 1) : 1;
}

/** How a run's workflow is started, whoever starts it: by order of a person, or by the first webhook. */
export function startOptions({ indexed, queues, publicUrl }: Omit<Deps, "prisma">, run: StartableRun) {
  // A recorder has the id of the recording that it becomes.
  const conversationId = run.conversationId ?? run.recorder?.id ?? run.channelId;
  if (conversationId === null) throw new Error(`${run.workflowId} has nothing to work on`);
  const input: RunInput = {
    runId: run.id,
    conversationId,
    kind: run.kind as RunKind,
    attempt: run.attempt,
    resumeFrom: run.stage as Stage,
    version: versionOf(run),
    indexed,
    heavyQueue: queues.heavy,
    callsQueue: queues.calls,
    botsQueue: queues.bots,
    downloadsQueue: queues.downloads,
  };
  const page = `${publicUrl}${run.conversation === null ? `/runs/${run.id}` : conversationPath(run.conversation.kind, conversationId)}`;
  return {
    workflowId: run.workflowId,
    taskQueue: queues.light,
    args: [input] as [RunInput],
    // Its activities and children have it too.
    priority: { priorityKey: run.priority },
    staticSummary: `${run.kind} ${conversationId}`,
    ...(publicUrl === undefined ? {} : { staticDetails: `[Open in Convene](${page})` }),
    ...(indexed
      ? {
          typedSearchAttributes: new TypedSearchAttributes([
            { key: conveneKind, value: run.kind },
            { key: conveneOwner, value: run.ownerId ?? "" },
            { key: conveneStage, value: run.stage },
          ]),
        }
      : {}),
  };
}
