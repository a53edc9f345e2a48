import { useFetcher } from "react-router";
import { isWorthRetrying } from "#domain/failure.ts";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Notice } from "../ui/notice.tsx";
import { Progress } from "../ui/progress.tsx";
import { isOver, stageLabel } from "../runs/run-labels.ts";
import { Stepper } from "./stepper.tsx";

type Run = NonNullable<RecordingData["run"]>;

/** How the run stands: on its way, failed with the way on, or cancelled. */
export function RunPanel({ run, canWrite }: { run: Run; canWrite: boolean }) {
  return (
    <section aria-labelledby="processing" className="panel space-y-5 p-5 sm:p-6">
      <h2 id="processing" className="text-xl">
        {isOver(run.status) ? "Stages" : "Working on it"}
      </h2>
      {isOver(run.status) ? null : (
        <div className="space-y-2">
          <Progress
            label="Progress of the run"
            percent={run.percent}
            words={`${run.percent} percent, ${stageLabel(run.stage)}`}
          />
          <p className="flex justify-between gap-3 text-sm">
            <span>{run.message}</span>
            <span className="figures text-soft">{run.percent} %</span>
          </p>
          <p aria-live="polite" className="sr-only">
            {stageLabel(run.stage)}
          </p>
        </div>
      )}
      <Stepper run={run} />
      {isOver(run.status) ? null : (
        <div className="space-y-3 border-t border-line pt-4">
          <p className="text-sm text-soft">
            It is safe to close this page. The work goes on
            {run.kind === "video"
              ? "; its episode appears on its channel's page."
              : ", and whoever owns it is notified."}
          </p>
          {canWrite && !run.cancelRequested ? (
            <Confirm
              trigger={<Button>Cancel the run</Button>}
              title="Cancel this run?"
              action="Cancel the run"
              fields={{ intent: "cancel", runId: run.id }}
            >
              What was fetched and transcribed so far is kept. You can start again later from the stage where it
              stopped.
            </Confirm>
          ) : null}
        </div>
      )}
    </section>
  );
}

/** What went wrong, in words, with the code and place for those who operate the server, and the way on. */
export function RunOutcome({ run, canWrite }: { run: Run; canWrite: boolean }) {
  const fetcher = useFetcher<{ message: string | null }>();
  if (run.status !== "failed" && run.status !== "cancelled") return null;
  const canRetry = canWrite && (run.error === null || isWorthRetrying(run.error.code));
  const retry = canRetry ? (
    <fetcher.Form method="post">
      <input type="hidden" name="intent" value="retry" />
      <input type="hidden" name="runId" value={run.id} />
      <Button look="primary" type="submit" disabled={fetcher.state !== "idle"}>
        {run.status === "failed" ? "Retry from this stage" : "Start again"}
      </Button>
    </fetcher.Form>
  ) : null;
  return (
    <Notice kind={run.status === "failed" ? "bad" : "info"}>
      <div className="space-y-3">
        <p className="text-base font-medium">{run.error?.message ?? "This run was cancelled."}</p>
        {run.error === null ? null : (
          <p>
            Stage “{stageLabel(run.error.stage)}”, attempt {run.error.attempt}, code{" "}
            <code className="font-mono">{run.error.code}</code>
          </p>
        )}
        {fetcher.data?.message ? <p role="alert">{fetcher.data.message}</p> : null}
        {retry}
      </div>
    </Notice>
  );
}
