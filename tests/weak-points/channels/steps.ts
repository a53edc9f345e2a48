import type { Step } from "./system.ts";

/** The steps of jobs under a scenario's hand: each passes `meet`, wherever its design has it. */
export function createSteps() {
  const begun: Record<Step, number> = { download: 0, analysis: 0, upload: 0 };
  const failing: Record<Step, number> = { download: 0, analysis: 0, upload: 0 };
  let held: { step: Step; passing: number } | null = null;
  let opened = Promise.withResolvers<void>();
  return {
    async meet(step: Step): Promise<void> {
      begun[step] += 1;
      if (held?.step === step) {
        held.passing -= 1;
        if (held.passing < 0) await opened.promise;
      }
      if (failing[step] <= 0) return;
      failing[step] -= 1;
      throw new Error(`The ${step} fails`);
    },
    hold(step: Step, after = 0): void {
      held = { step, passing: after };
    },
    release(): void {
      held = null;
      opened.resolve();
      opened = Promise.withResolvers<void>();
    },
    failNext(step: Step, times: number): void {
      failing[step] = times;
    },
    timesOf: (step: Step) => begun[step],
  };
}
