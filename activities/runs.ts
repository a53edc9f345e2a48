import { isFinal } from "#domain/run.ts";
import type { RunEvent } from "#domain/run.ts";
import type { PrismaClient } from "#records/db.ts";
import { applyRunEvent, stateOfRun } from "#records/runs.ts";
import { addWarning, claimAttempt, endStage } from "#records/stages.ts";

interface AttemptRef {
  runId: string;
  attempt: number;
}

/** Bookkeeping of a run: claiming an attempt and writing down how it ends. Idempotent by run and attempt. */
export function createRunActivities({ prisma }: { prisma: PrismaClient }) {
  return {
    /** False: the run is gone or ended, or another execution works on this attempt. */
    async claimRun(claim: AttemptRef & { temporalRunId: string }): Promise<boolean> {
      const run = await prisma.run.findUnique({ where: { id: claim.runId }, select: { attempt: true, stage: true } });
      if (run === null || run.attempt !== claim.attempt) return false;
      if (!(await claimAttempt(prisma, claim))) return false;
      const applied = await prisma.$transaction((tx) =>
        // A meeting starts when its call does; until then its workflow only waits.
        run.stage === "upcoming"
          ? stateOfRun(tx, claim.runId)
          : applyRunEvent(tx, claim.runId, { type: "started" }, claim.attempt),
      );
      return applied !== null && !isFinal(applied.state.status);
    },

    async endRun({ runId, attempt, ending }: AttemptRef & { ending: RunEvent }): Promise<void> {
      await prisma.$transaction(async (tx) => {
        const applied = await applyRunEvent(tx, runId, ending, attempt);
        if (applied === null || !applied.changed) return;
        if (ending.type === "failed") {
          await tx.runStage.updateMany({
            where: { runId, status: "active" },
            data: { status: "failed", finishedAt: new Date(), message: ending.error.message },
          });
        }
        if (ending.type === "completed") await endStage(tx, { runId, stage: "done" }, "completed", "");
      });
    },

    async skipDiarization({ runId, reason }: AttemptRef & { reason: string }): Promise<void> {
      await prisma.$transaction(async (tx) => {
        await addWarning(tx, runId, `Speakers could not be told apart: ${reason}`);
        await endStage(tx, { runId, stage: "diarization" }, "skipped", reason);
      });
    },
  };
}
