import type { RunError } from "./failure.ts";
import { stageToRetry } from "./retry-stage.ts";
import { isBefore, transcribesMedia, stageMessage } from "./stages.ts";
import { percentAt } from "./run-percent.ts";
import type { RunKind, Stage } from "./stages.ts";

/** The one status list of all kinds of run. Order is the forward path; the last three are final. */
export const runStatuses = ["pending", "starting", "active", "processing", "completed", "failed", "cancelled"] as const;
export type RunStatus = (typeof runStatuses)[number];

const finalStatuses: readonly RunStatus[] = ["completed", "failed", "cancelled"];
export const isFinal = (status: RunStatus) => finalStatuses.includes(status);

/** A run as far as rules need it; the row `run` holds the same fields. `attempt` counts a person's retries from 1. */
export interface RunState {
  kind: RunKind;
  status: RunStatus;
  stage: Stage;
  percent: number;
  message: string;
  attempt: number;
  cancelRequested: boolean;
  error: RunError | null;
}

export type RunEvent =
  | { type: "started" }
  | { type: "joining"; message: string }
  | { type: "callBegan" }
  | { type: "stage"; stage: Stage; message?: string }
  /** Others are before it in line for heavy work; the next is first. */
  | { type: "waiting"; place: number }
  | { type: "progress"; stage: Stage; fraction: number; message?: string }
  | { type: "completed" }
  | { type: "failed"; error: RunError }
  | { type: "cancelRequested" }
  | { type: "cancelled" }
  | { type: "retried" }
  | { type: "again" };

/** What a recording's run says that was made before its sound; nothing has arrived as long as it does. */
export const waitingForSound = "Waiting for the sound";
const waitingToStart = "Waiting to start";
const waitingForTurn = "Waiting for its turn";

/** Far back only every tenth place is told, so that a long line does not tell everybody of each step. */
function waitingWords(place: number): string {
  return place > 10
    ? `${waitingForTurn}: more than ${Math.floor((place - 1) / 10) * 10} are before it`
    : `${waitingForTurn}: ${ordinal(place)} in line`;
}

const ordinal = (place: number) => `${place}${["st", "nd", "rd"][place - 1] ?? "th"}`;

export const newRun = (kind: RunKind, stage: Stage): RunState => ({
  kind,
  status: "pending",
  stage,
  percent: 0,
  message: stage === "upcoming" ? stageMessage.upcoming : waitingToStart,
  attempt: 1,
  cancelRequested: false,
  error: null,
});

/**
 * The only way a run's state changes. Pure and total: an event that does not fit (late, repeated, out of order)
 * gives back the very same object, so callers can tell "nothing to do" by identity.
 */
export function advance(state: RunState, event: RunEvent): RunState {
  if (event.type === "retried") return retry(state);
  if (event.type === "again") return again(state);
  if (isFinal(state.status)) return state;
  switch (event.type) {
    case "started":
      return state.status === "pending" ? { ...state, status: "starting", message: "Starting" } : state;
    case "joining":
      return isBefore(state.kind, state.stage, "call") && state.status !== "processing"
        ? joinWith(state, event.message)
        : state;
    case "callBegan":
      return isBefore(state.kind, state.stage, "call") && state.status !== "processing"
        ? { ...state, status: "active", stage: "call", message: stageMessage.call }
        : state;
    case "stage":
      // A stage that is tried again after a crash reports its begin again; that is no news.
      if (state.status === "processing" && !isBefore(state.kind, state.stage, event.stage)) return goOn(state);
      return moveTo(state, event.stage, 0, event.message ?? stageMessage[event.stage]);
    case "progress":
      if (event.stage !== state.stage) return state;
      return moveTo(state, event.stage, event.fraction, event.message ?? state.message);
    case "waiting":
      return waitInLine(state, waitingWords(event.place));
    case "completed":
      return { ...state, status: "completed", stage: "done", percent: 100, message: stageMessage.done, error: null };
    case "failed":
      return { ...state, status: "failed", message: event.error.message, error: event.error };
    case "cancelRequested":
      return state.cancelRequested ? state : { ...state, cancelRequested: true, message: "Cancelling" };
    case "cancelled":
      return { ...state, status: "cancelled", message: "Cancelled" };
    default:
      return event satisfies never;
  }
}

// A bot on its way tells more than once where it is; only new words are news.
const joinWith = (state: RunState, message: string): RunState =>
  state.stage === "joining" && state.message === message
    ? state
    : { ...state, status: "starting", stage: "joining", message };

// Only what its runs wait for is in this line. Who asked for a cancel reads of that.
const waitInLine = (state: RunState, message: string): RunState =>
  !transcribesMedia(state.kind) || state.cancelRequested || state.message === message ? state : { ...state, message };

// A stage whose turn it is again says what it does, and not that it waits.
const goOn = (state: RunState): RunState =>
  state.message.startsWith(waitingForTurn) ? { ...state, message: stageMessage[state.stage] } : state;

// Progress never goes back while an attempt lasts, whatever order its reports arrive in.
function moveTo(state: RunState, stage: Stage, fraction: number, message: string): RunState {
  const percent = Math.max(state.percent, percentAt(state.kind, stage, fraction));
  const same = state.status === "processing" && state.stage === stage && state.percent === percent;
  if (same && state.message === message) return state;
  return { ...state, status: "processing", stage, percent, message };
}

// However it ended: what was made of the file is made anew.
function again(state: RunState): RunState {
  if (state.kind !== "recording" || !isFinal(state.status)) return state;
  return restart(state, "transcode");
}

function retry(state: RunState): RunState {
  if (state.status !== "failed" && state.status !== "cancelled") return state;
  const stage = stageToRetry(state.kind, (state.error?.stage as Stage | undefined) ?? state.stage);
  return restart(state, stage);
}

function restart(state: RunState, stage: Stage): RunState {
  return {
    ...state,
    status: "pending",
    stage,
    percent: percentAt(state.kind, stage, 0),
    message: stage === "upcoming" ? stageMessage.upcoming : "Waiting to start again",
    attempt: state.attempt + 1,
    cancelRequested: false,
    error: null,
  };
}
