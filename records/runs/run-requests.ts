import { analysisWorkflowId } from "#domain/ids.ts";
import { isFinal } from "#domain/run.ts";
import type { RunState } from "#domain/run.ts";
import { isBefore } from "#domain/stages.ts";
import { writableBy } from "../accounts/access.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { orderErasure } from "../bot-visits/erasure.ts";
import type { Outcome } from "../outcome.ts";
import { createRun, orderStart } from "./new-run.ts";
import { dropWaiting, enqueue } from "../queues/outbox.ts";
import { applyRunEvent } from "./runs.ts";

/** What a person may ask of a run. `conflict` says in words why the run's state does not allow it. */
export type Answer = Outcome<{ state: RunState }>;

/** A visit as it was before a bot was ordered: the next one may come from another provider. */
const withoutBot = {
  provider: null,
  requestedAt: null,
  botId: null,
  botState: null,
  botReason: null,
  botDetail: "",
  botStateAt: null,
  joinedAt: null,
  leftAt: null,
  watchedAt: null,
  aloneSince: null,
  heardAt: null,
  erasedAt: null,
};

const notFound = { ok: false, reason: "not_found" } as const;

/** Starts a failed or cancelled run again from the stage that failed: a new attempt of the same workflow id. */
export async function retryRun(prisma: PrismaClient, userId: string, runId: string): Promise<Answer> {
  return prisma.$transaction(async (tx) => {
    const run = await tx.run.findFirst({ where: { id: runId, ...writableBy(userId) }, select: { status: true } });
    if (run === null) return notFound;
    const applied = await applyRunEvent(tx, runId, { type: "retried" });
    if (applied === null) return notFound;
    if (!applied.changed) {
      return { ok: false, reason: "conflict", message: `A run that is ${run.status} cannot be retried.` };
    }
    const { kind, stage, attempt } = applied.state;
    const data = { stoppedAt: null, dismissedFor: null, ...(isBefore(kind, stage, "collect") ? withoutBot : {}) };
    if (isBefore(kind, stage, "collect")) await orderErasure(tx, { runId });
    await tx.recorder.updateMany({ where: { runId }, data });
    await orderStart(tx, runId, attempt);
    return { ok: true, state: applied.state };
  });
}

/**
 * Asks a run to stop. A start that was not handed to Temporal yet is dropped and the run ends here; else the workflow
 * is told and ends itself.
 */
export async function cancelRun(prisma: PrismaClient, userId: string, runId: string): Promise<Answer> {
  return prisma.$transaction(async (tx) => {
    const run = await tx.run.findFirst({ where: { id: runId, ...writableBy(userId) }, select: { id: true } });
    if (run === null) return notFound;
    // What a person calls off is not ordered again by their rules.
    await tx.recorder.updateMany({ where: { runId, stoppedAt: null }, data: { stoppedAt: new Date() } });
    return cancelRunRow(tx, runId);
  });
}

/** As `cancelRun`, by a rule instead of a person. */
export async function cancelRunRow(tx: Tx, runId: string): Promise<Answer> {
  const requested = await applyRunEvent(tx, runId, { type: "cancelRequested" });
  if (requested === null) return notFound;
  const { attempt } = requested.state;
  if (isFinal(requested.state.status)) {
    return { ok: false, reason: "conflict", message: `The run is already ${requested.state.status}.` };
  }
  if (!requested.changed) return { ok: true, state: requested.state };
  const dropped = await dropWaiting(tx, runId, "run.start");
  // A meeting's first webhook may have started its workflow before the start that was just dropped.
  const claimed = await tx.runClaim.count({ where: { runId, attempt } });
  if (dropped > 0 && claimed === 0) {
    const ended = await applyRunEvent(tx, runId, { type: "cancelled" });
    return ended === null ? notFound : { ok: true, state: ended.state };
  }
  await enqueue(tx, {
    kind: "run.cancel",
    payload: { runId },
    dedupeKey: `run.cancel:${runId}:${attempt}`,
    partitionKey: runId,
  });
  return { ok: true, state: requested.state };
}

export interface AnalysisOrder {
  userId: string;
  conversationId: string;
  template: string;
  instructions: string;
  /** A model of the configured server, or null for the default. */
  model: string | null;
}

/** Orders another reading of a transcript: a new version with a run of its own; earlier versions stay. */
export async function orderAnalysis(
  prisma: PrismaClient,
  order: AnalysisOrder,
): Promise<{ runId: string; version: number } | null> {
  return prisma.$transaction(async (tx) => {
    const conversation = await tx.conversation.findFirst({
      where: { id: order.conversationId, ...writableBy(order.userId) },
      select: { id: true, title: true, ownerId: true, workspaceId: true },
    });
    if (conversation === null) return null;
    // The conversation's lock makes the next version number ours alone.
    await tx.$queryRaw`SELECT 1 FROM conversation WHERE id = ${conversation.id}::uuid FOR UPDATE`;
    const latest = await tx.analysis.aggregate({ where: { conversationId: conversation.id }, _max: { version: true } });
    // The run's own summary has its version, also while it has not come yet.
    const ofRun = await tx.recording.findUnique({ where: { id: conversation.id }, select: { summaryVersion: true } });
    const version = Math.max(ofRun?.summaryVersion ?? 1, latest._max.version ?? 0) + 1;
    await tx.analysis.create({
      data: {
        id: newId(),
        conversationId: conversation.id,
        version,
        model: order.model,
        template: order.template,
        instructions: order.instructions,
        createdById: order.userId,
      },
    });
    const workflowId = analysisWorkflowId(conversation.id, version);
    const { id: conversationId, ...named } = conversation;
    const runId = await createRun(tx, { kind: "analysis", stage: "summary", workflowId, conversationId, ...named });
    return { runId, version };
  });
}
