import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ContinueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  TimeoutFailure,
  upsertSearchAttributes,
  workflowInfo,
} from "@temporalio/workflow";
import { afterTries, failures, isFailureCode } from "#domain/failure.ts";
import type { FailureDetails, RunError } from "#domain/failure.ts";
import { advance, isFinal, newRun } from "#domain/run.ts";
import type { RunEvent, RunState } from "#domain/run.ts";
import { isBefore } from "#domain/stages.ts";
import type { Stage } from "#domain/stages.ts";
import { cancel, conveneStage, state as stateQuery } from "./messages.ts";
import type { RunInput } from "./messages.ts";
import { bookkeeping } from "./policies.ts";

interface StageInput {
  runId: string;
  conversationId: string;
  attempt: number;
}

export interface RunContext {
  /** Does one stage, unless this attempt resumes after it. */
  stage(stage: Stage, work: (ref: StageInput) => Promise<unknown>): Promise<void>;
  /** Moves the run as this workflow sees it; the lifecycle's own activity writes the same event to the row. */
  move(event: RunEvent): void;
  state(): RunState;
}

/**
 * What every kind of run has in common: claim the attempt, do the stages, and bring the run to an end that is
 * written down: completed, failed with a reason, or cancelled.
 */
export async function withRunLifecycle(
  input: RunInput & { carried?: RunState },
  body: (context: RunContext) => Promise<void>,
): Promise<RunState> {
  const { runId, conversationId, attempt } = input;
  const scope = new CancellationScope();
  let state: RunState = input.carried ?? { ...newRun(input.kind, input.resumeFrom), attempt };
  const move = (event: RunEvent) => {
    state = advance(state, event);
    setCurrentDetails(`**${state.status}** · ${state.stage} · attempt ${state.attempt}`);
  };
  const index = (name: Stage) => {
    if (input.indexed) upsertSearchAttributes([{ key: conveneStage, value: name }]);
  };
  setHandler(stateQuery, () => state);
  setHandler(
    cancel,
    () => {
      move({ type: "cancelRequested" });
      scope.cancel();
      return state;
    },
    {
      validator: () => {
        if (isFinal(state.status)) throw new Error(`The run is already ${state.status}`);
      },
    },
  );

  // The first execution's id is the same along a chain of roll-overs, and so is its claim.
  const temporalRunId = workflowInfo().firstExecutionRunId;
  const claimed = await bookkeeping.claimRun({ runId, attempt, temporalRunId });
  if (!claimed) return state;
  // A meeting starts when its call does, not when its workflow begins to wait for it.
  if (input.resumeFrom !== "upcoming") move({ type: "started" });

  const stage: RunContext["stage"] = async (name, work) => {
    if (isBefore(input.kind, name, input.resumeFrom)) return;
    move({ type: "stage", stage: name });
    index(name);
    await work({ runId, conversationId, attempt });
  };

  const ending = await ended(
    () => scope.run(() => body({ stage, move, state: () => state })),
    () => state,
  );
  if (ending === null) return state;
  // Past this point a cancel comes too late: how the run ended is decided and must be written down.
  await CancellationScope.nonCancellable(() => bookkeeping.endRun({ runId, attempt, ending }));
  move(ending);
  index(state.stage);
  return state;
}

type Ending = Extract<RunEvent, { type: "completed" | "failed" | "cancelled" }>;

// How the body ended, or null when the run was deleted meanwhile and nobody is left to be told.
async function ended(body: () => Promise<void>, state: () => RunState): Promise<Ending | null> {
  try {
    await body();
    return { type: "completed" };
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (isCancellation(error)) return { type: "cancelled" };
    if (causeOf(error)?.type === "run_gone") return null;
    return { type: "failed", error: runErrorOf(error, state()) };
  }
}

function runErrorOf(error: unknown, { stage, attempt }: RunState): RunError {
  const cause = causeOf(error);
  if (cause !== null && isFailureCode(cause.type))
    return { code: cause.type, message: afterTries(triesOf(error), cause.message), stage, attempt };
  const code = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure ? "stalled" : "internal";
  return { code, message: failures[code].words, stage, attempt };
}

/** How often an activity was tried that may not be tried again; 1 where that is not the reason for its end. */
function triesOf(error: unknown): number {
  if (!(error instanceof ActivityFailure) || error.retryState !== "MAXIMUM_ATTEMPTS_REACHED") return 1;
  const told =
    error.cause instanceof ApplicationFailure ? (error.cause.details?.[0] as FailureDetails | undefined) : null;
  return told?.tries ?? 1;
}

function causeOf(error: unknown): { type: string; message: string } | null {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  if (!(failure instanceof ApplicationFailure)) return null;
  return { type: failure.type ?? "", message: failure.message };
}

/** Why a stage failed, in words for the run's warnings. A cancellation or a deleted run is no reason: it goes on up. */
export function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  if (isCancellation(error) || cause?.type === "run_gone") throw error;
  if (cause !== null && isFailureCode(cause.type)) return cause.message;
  return failures.internal.words;
}
