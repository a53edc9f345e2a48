import type { Logger } from "pino";
import { isFinal } from "#domain/run.ts";
import type { RunEvent, RunStatus } from "#domain/run.ts";
import { transcribesMedia } from "#domain/stages.ts";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import { resumeHeard } from "#records/meetings/not-heard.ts";
import { applyRunEvent, stateOfRun } from "#records/runs/runs.ts";
import { forgetSlicesOfRun } from "#records/runs/sound-slices.ts";
import { claimAttempt, takeClaim } from "#records/runs/attempt-claims.ts";
import { addWarning, endStage } from "#records/runs/run-stages.ts";
import { isHeavy, enqueueRun } from "#records/runs/turns.ts";
import { logRunEnd } from "./run-end.ts";
import { removeSpeech } from "./speech-file.ts";

interface AttemptRef {
  runId: string;
  attempt: number;
}

interface Deps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  /** Whether this very execution of a workflow still goes on at the Temporal server. */
  isExecutionOpen(workflowId: string, temporalRunId: string): Promise<boolean>;
}

/** Bookkeeping of a run: claiming an attempt and writing down how it ends. Idempotent by run and attempt. */
export function createRunActivities({ prisma, media, log, isExecutionOpen }: Deps) {
  // The holder of a claim may have been lost with Temporal's own data, or ended by an operator: then nobody works on it.
  async function claim(wanted: AttemptRef & { temporalRunId: string }, workflowId: string): Promise<boolean> {
    const holder = await claimAttempt(prisma, wanted);
    if (holder === wanted.temporalRunId) return true;
    if (holder === null || (await isExecutionOpen(workflowId, holder))) return false;
    return takeClaim(prisma, wanted, holder);
  }

  // The run has ended well whether or not this can be done now; the upkeep looks after what stays.
  async function giveBackSpeech(runId: string): Promise<void> {
    try {
      const run = await prisma.run.findUnique({ where: { id: runId }, select: { conversationId: true } });
      if (run?.conversationId) await removeSpeech({ prisma, media }, run.conversationId);
    } catch (error) {
      log.warn({ err: error, runId }, "decoded sound not removed yet");
    }
  }

  return {
    /** False: the run is gone or ended, or another execution works on this attempt. */
    async claimRun(wanted: AttemptRef & { temporalRunId: string }): Promise<boolean> {
      const { runId, attempt } = wanted;
      const run = await prisma.run.findUnique({ where: { id: runId } });
      if (run === null || run.attempt !== attempt || isFinal(run.status as RunStatus)) return false;
      if (!(await claim(wanted, run.workflowId))) return false;
      const applied = await prisma.$transaction((tx) =>
        // A meeting starts when its call does; until then its workflow only waits.
        run.stage === "upcoming" ? stateOfRun(tx, runId) : applyRunEvent(tx, runId, { type: "started" }, attempt),
      );
      if (isHeavy(run)) await enqueueRun(prisma, runId);
      return applied !== null && !isFinal(applied.state.status);
    },

    async endRun({ runId, attempt, ending }: AttemptRef & { ending: RunEvent }): Promise<void> {
      const state = await prisma.$transaction(async (tx) => {
        const applied = await applyRunEvent(tx, runId, ending, attempt);
        if (applied === null || !applied.changed) return null;
        // Voices among them, which are nobody's to keep.
        await forgetSlicesOfRun(tx, runId);
        if (ending.type === "failed") {
          await tx.runStage.updateMany({
            where: { runId, status: "active" },
            data: { status: "failed", finishedAt: new Date(), message: ending.error.message },
          });
        }
        if (ending.type === "completed") await endStage(tx, { runId, stage: "done" }, "completed", "");
        return applied.state;
      });
      if (state !== null) await logRunEnd({ prisma, log }, runId);
      // What was heard after all may have come while this end was on its way.
      if (ending.type === "failed" && ending.error.code === "not_heard") await resumeHeard(prisma, { runId });
      if (state?.status === "completed" && transcribesMedia(state.kind)) await giveBackSpeech(runId);
    },

    async skipDiarization({ runId, reason }: AttemptRef & { reason: string }): Promise<void> {
      await prisma.$transaction(async (tx) => {
        await forgetSlicesOfRun(tx, runId);
        await addWarning(tx, runId, `Speakers could not be told apart: ${reason}`);
        await endStage(tx, { runId, stage: "diarization" }, "skipped", reason);
        await enqueueRun(tx, runId);
      });
    },
  };
}
