import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { isOver } from "../runs/run-labels.ts";

type Run = Pick<NonNullable<RecordingData["run"]>, "status" | "error" | "finishedAt">;
type StageRow = Pick<NonNullable<RecordingData["run"]>["stages"][number], "status" | "startedAt" | "finishedAt">;

export type StepState = "waiting" | "active" | "done" | "failed" | "skipped" | "stopped";

/** What people read for a step's state. */
export const stepStateLabels: Record<StepState, string> = {
  waiting: "not begun",
  active: "in progress",
  done: "done",
  failed: "failed",
  skipped: "left out",
  stopped: "stopped",
};

/** How a stage of a run stands, by the run and the stage's row, which is null before it has begun. */
export function stepOf(run: Run, stage: string, row: StageRow | null): StepState {
  if (run.status === "failed" && run.error?.stage === stage) return "failed";
  if (row === null) return run.status === "completed" ? "skipped" : "waiting";
  if (row.status === "completed") return "done";
  if (row.status === "skipped") return "skipped";
  // What failed before is to be tried again, as soon as its turn comes.
  if (row.status === "failed") return isOver(run.status) ? "failed" : "waiting";
  return isOver(run.status) ? "stopped" : "active";
}

/** How long a stage took, or takes by now; null before it begins. No clock runs on after the run has ended. */
export function secondsOf(run: Run, row: StageRow, state: StepState, now: Date | null): number | null {
  const end = row.finishedAt ?? (isOver(run.status) ? run.finishedAt : now);
  return state === "waiting" || end === null ? null : (end.getTime() - row.startedAt.getTime()) / 1000;
}
