import { condition, setHandler } from "@temporalio/workflow";
import type { StageInput } from "#activities/stage.ts";
import type { RunState } from "#domain/run.ts";
import { timing } from "#domain/timing.ts";
import { isFull, rollOver } from "./call-signals.ts";
import { jobsChanged } from "./messages.ts";
import type { RunInput } from "./messages.ts";
import { downloadsOn, light } from "./policies.ts";
import { withRunLifecycle } from "./run-lifecycle.ts";

interface BackfillInput extends RunInput {
  /** Set by a roll-over. */
  carried?: RunState;
}

type Step = (ref: StageInput) => Promise<{ isLast: boolean }>;

/**
 * Brings in what a channel published since a date: lists the source's pages, puts what was found in line, few at a time,
 * and ends with the last of their jobs. Where it stands is in its rows, so that a step that is repeated does no harm.
 */
export async function backfill(input: BackfillInput): Promise<RunState> {
  let ended = 0;
  setHandler(jobsChanged, () => void (ended += 1));
  return withRunLifecycle({ ...input, resumeFrom: input.carried?.stage ?? input.resumeFrom }, async (context) => {
    /** One step after another, until one says that it was the last; `rests`: not before something may have changed. */
    const repeat = async (ref: StageInput, step: Step, rests: boolean) => {
      for (let turn = input.carried === undefined ? 0 : 1; ; turn++) {
        const seen = ended;
        const { isLast } = await step({ ...ref, turn });
        if (isLast) return;
        if (rests) await condition(() => ended !== seen || isFull(), timing.backfillPollMs);
        if (isFull()) await rollOver({ ...input, carried: context.state() });
      }
    };
    const { listBackfillPage } = downloadsOn(input.downloadsQueue);
    await context.stage("listing", (ref) => repeat(ref, listBackfillPage, false));
    await context.stage("queueing", (ref) => repeat(ref, light.queueBackfill, true));
    await context.stage("following", (ref) => repeat(ref, light.followBackfill, true));
  });
}
