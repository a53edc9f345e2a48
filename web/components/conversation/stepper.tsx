import { Check, CircleX, Minus } from "lucide-react";
import { stagesOf } from "#domain/stages.ts";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { spokenTime } from "../ui/format.ts";
import { stageLabel } from "../runs/run-labels.ts";
import { useNow } from "../ui/time.tsx";
import { secondsOf, stepStateLabels, stepOf } from "./steps.ts";
import type { StepState } from "./steps.ts";

type Run = NonNullable<RecordingData["run"]>;

/** The run's stages from top to bottom, with the time that each took or takes. */
export function Stepper({ run }: { run: Run }) {
  const now = useNow(1000);
  const rowOf = new Map(run.stages.map((row) => [row.stage, row]));
  const order = run.kind === "video" ? stagesOf.video : stagesOf.recording;
  const shown = order.filter((stage) => stage !== "upload" && stage !== "done");
  return (
    <ol aria-label="Stages">
      {shown.map((stage, index) => {
        const row = rowOf.get(stage) ?? null;
        const state = stepOf(run, stage, row);
        const seconds = row === null ? null : secondsOf(run, row, state, now);
        return (
          <li key={stage} aria-current={state === "active" ? "step" : undefined} className="flex gap-3.5">
            <div className="flex flex-col items-center">
              <Bead state={state} />
              {index === shown.length - 1 ? null : <span className="my-1 min-h-4 w-px flex-1 bg-line" />}
            </div>
            <div className="pb-4">
              <p className={state === "waiting" ? "text-soft" : state === "active" ? "font-semibold" : ""}>
                {stageLabel(stage)}
                <span className="sr-only">: {stepStateLabels[state]}</span>
              </p>
              <p className="figures text-sm text-soft">
                {seconds === null ? "" : spokenTime(seconds)}
                {seconds !== null && row !== null && row.tries > 1 ? ` · try ${row.tries}` : ""}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
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
  if (state === "skipped" || state === "stopped") {
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
