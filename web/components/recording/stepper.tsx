import { Check, CircleX, Minus } from "lucide-react";
import { stagesOf } from "#domain/stages.ts";
import type { RecordingData } from "../../recording-data.ts";
import { spokenTime } from "../format.ts";
import { isOver, stageWords } from "../run-words.ts";
import { useNow } from "../time.tsx";

type Run = NonNullable<RecordingData["run"]>;
type StageRow = Run["stages"][number];

/** The run's stages from top to bottom, with the time that each took or takes. */
export function Stepper({ run }: { run: Run }) {
  const now = useNow(1000);
  const rowOf = new Map(run.stages.map((row) => [row.stage, row]));
  const shown = stagesOf.recording.filter((stage) => stage !== "upload" && stage !== "done");
  return (
    <ol aria-label="Stages">
      {shown.map((stage, index) => {
        const row = rowOf.get(stage) ?? null;
        const state = stateOf(run, stage, row);
        return (
          <li key={stage} aria-current={state === "active" ? "step" : undefined} className="flex gap-3.5">
            <div className="flex flex-col items-center">
              <Bead state={state} />
              {index === shown.length - 1 ? null : <span className="my-1 min-h-4 w-px flex-1 bg-line" />}
            </div>
            <div className="pb-4">
              <p className={state === "waiting" ? "text-soft" : state === "active" ? "font-semibold" : ""}>
                {stageWords(stage)}
                <span className="sr-only">: {stateWords[state]}</span>
              </p>
              <p className="figures text-sm text-soft">
                {row === null ? "" : timeOf(row, now)}
                {row !== null && row.tries > 1 ? ` · try ${row.tries}` : ""}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}

type StepState = "waiting" | "active" | "done" | "failed" | "skipped";
const stateWords: Record<StepState, string> = {
  waiting: "not begun",
  active: "in progress",
  done: "done",
  failed: "failed",
  skipped: "left out",
};

function stateOf(run: Run, stage: string, row: StageRow | null): StepState {
  if (run.status === "failed" && run.error?.stage === stage) return "failed";
  if (row === null) return run.status === "completed" ? "skipped" : "waiting";
  if (row.status === "completed") return "done";
  if (row.status === "failed") return "failed";
  if (row.status === "skipped") return "skipped";
  return isOver(run.status) ? "waiting" : "active";
}

function timeOf({ startedAt, finishedAt }: StageRow, now: Date | null): string {
  const end = finishedAt ?? now;
  return end === null ? "" : spokenTime((end.getTime() - startedAt.getTime()) / 1000);
}

function Bead({ state }: { state: StepState }) {
  const size = "grid size-6 shrink-0 place-items-center rounded-full";
  if (state === "done") {
    return (
      <span className={`${size} bg-accent text-on-accent`}>
        <Check size={14} strokeWidth={3} aria-hidden="true" />
      </span>
    );
  }
  if (state === "failed") {
    return (
      <span className={`${size} bg-danger-wash text-danger`}>
        <CircleX size={16} aria-hidden="true" />
      </span>
    );
  }
  if (state === "skipped") {
    return (
      <span className={`${size} bg-sunken text-soft`}>
        <Minus size={14} aria-hidden="true" />
      </span>
    );
  }
  return (
    <span className={`${size} border-2 ${state === "active" ? "border-accent" : "border-line"}`}>
      {state === "active" ? <span className="size-2 animate-breathe rounded-full bg-accent" /> : null}
    </span>
  );
}
