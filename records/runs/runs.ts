import type { FailureCode, RunError } from "#domain/failure.ts";
import type { RunEventData, RunLiveEvent } from "#domain/live.ts";
import { changeTopics } from "#domain/live.ts";
import { advance, isFinal } from "#domain/run.ts";
import type { RunEvent, RunState, RunStatus } from "#domain/run.ts";
import type { RunKind, Stage } from "#domain/stages.ts";
import type { Run } from "#prisma/generated/client.ts";
import { notifyOfBackfill } from "../channels/backfill-notices.ts";
import { notifyOfCut } from "../channels/cut-notices.ts";
import { notifyOfJob } from "../channels/job-notices.ts";
import { orderCallEnd } from "../meetings/call-end.ts";
import type { Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import { announce, announcementsFor } from "../live/feed.ts";
import { notifyOfRun } from "../live/notifications.ts";
import { notifyOfRecorder } from "../bot-visits/notices.ts";

type RunRow = Run & { conversation: { kind: string } | null };

/** The conversation of a run whose kind must have one, as the database holds it to. */
export function conversationOf<Conversation>(conversation: Conversation | null): Conversation {
  if (conversation === null) throw new Error("A run of this kind works on a conversation");
  return conversation;
}

/** The run's state as the rules of `domain/run.ts` know it, read from its row. */
const stateOf = (row: Run): RunState => ({
  kind: row.kind as RunKind,
  status: row.status as RunStatus,
  stage: row.stage as Stage,
  percent: row.percent,
  message: row.message,
  attempt: row.attempt,
  cancelRequested: row.cancelRequested,
  error: errorOf(row),
});

/** The wire's `error`, or null for a run that has not failed. */
export function errorOf(row: Pick<Run, "errorCode" | "errorMessage" | "errorStage" | "errorAttempt">): RunError | null {
  if (row.errorCode === null) return null;
  return {
    code: row.errorCode as FailureCode,
    message: row.errorMessage ?? "",
    stage: row.errorStage ?? "",
    attempt: row.errorAttempt ?? 1,
  };
}

/** The run's row, locked until the transaction ends, so that two writers move it one after the other. */
async function lockRun(tx: Tx, runId: string): Promise<RunRow | null> {
  await tx.$queryRaw`SELECT 1 FROM run WHERE id = ${runId}::uuid FOR UPDATE`;
  return tx.run.findUnique({
    where: { id: runId },
    include: { conversation: { select: { kind: true } } },
  });
}

/** What came of an event: the state after it, and whether it changed anything. Null: the run is gone. */
export interface Applied {
  state: RunState;
  changed: boolean;
}

/**
 * Moves a run by one event, in a transaction: the row, the feed and the notice to its owner change together.
 * An event that does not fit (late, repeated) changes nothing. `attempt`, where given, must be the run's own:
 * a report from an earlier attempt is late by definition.
 */
export async function applyRunEvent(tx: Tx, runId: string, event: RunEvent, attempt?: number): Promise<Applied | null> {
  const row = await lockRun(tx, runId);
  if (row === null) return null;
  const before = stateOf(row);
  if (attempt !== undefined && attempt !== before.attempt) return { state: before, changed: false };
  const state = advance(before, event);
  if (state === before) return { state, changed: false };
  const now = new Date();
  await tx.run.update({
    where: { id: runId },
    data: {
      status: state.status,
      stage: state.stage,
      percent: state.percent,
      message: state.message,
      attempt: state.attempt,
      cancelRequested: state.cancelRequested,
      errorCode: state.error?.code ?? null,
      errorMessage: state.error?.message ?? null,
      errorStage: state.error?.stage ?? null,
      errorAttempt: state.error?.attempt ?? null,
      ...(event.type === "started" ? { startedAt: row.startedAt ?? now } : {}),
      finishedAt: isFinal(state.status) ? now : null,
      ...(isFinal(state.status) ? { waitingSince: null } : {}),
    },
  });
  if (state.kind === "meeting" && state.status === "cancelled" && row.conversationId !== null) {
    await orderCallEnd(tx, row.conversationId);
  }
  const notices = await (noticesOf[state.kind] ?? notifyOfRun)(tx, { ...row, ...state }, event);
  await announce(tx, [...runAnnouncements(row, state, eventName[event.type]), ...notices]);
  return { state, changed: true };
}

/** Of the kinds of run whose owners are told otherwise than of the rest. */
const noticesOf: Partial<Record<RunKind, typeof notifyOfRun>> = {
  recorder: notifyOfRecorder,
  video: notifyOfJob,
  backfill: notifyOfBackfill,
  cut: notifyOfCut,
};

/** Where a run stands, unchanged and locked until the transaction ends; null: it is gone. */
export async function stateOfRun(tx: Tx, runId: string): Promise<Applied | null> {
  const row = await lockRun(tx, runId);
  return row === null ? null : { state: stateOf(row), changed: false };
}

const eventName: Record<RunEvent["type"], RunLiveEvent["type"]> = {
  started: "run.started",
  joining: "run.stage",
  callBegan: "run.stage",
  stage: "run.stage",
  waiting: "run.progress",
  progress: "run.progress",
  completed: "run.completed",
  failed: "run.failed",
  cancelRequested: "run.cancel_requested",
  cancelled: "run.cancelled",
  retried: "run.created",
  again: "run.created",
};

/** What tells of a run that came to be in this state. */
export function runAnnouncements(
  row: Pick<Run, "id" | "conversationId" | "workspaceId" | "title"> & {
    channelId?: string | null;
    backfillId?: string | null;
  },
  state: RunState,
  type: RunLiveEvent["type"],
): Announcement[] {
  const data: RunEventData = {
    runId: row.id,
    kind: state.kind,
    conversationId: row.conversationId,
    title: row.title,
    status: state.status,
    stage: state.stage,
    percent: state.percent,
    message: state.message,
    attempt: state.attempt,
    cancelRequested: state.cancelRequested,
    error: state.error,
    ...(row.backfillId ? { backfillId: row.backfillId } : {}),
  };
  return announcementsFor(changeTopics(row), type, data);
}
