import type { Logger } from "pino";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import type { PrismaClient } from "#records/db.ts";

/**
 * One line of the log for a run's end, with what an operator looks for it by. To be called once the end is kept; that
 * this look fails is no reason to do anything again.
 */
export async function logRunEnd({ prisma, log }: { prisma: PrismaClient; log: Logger }, runId: string): Promise<void> {
  try {
    const run = await prisma.run.findUnique({ where: { id: runId } });
    if (run === null || !isFinal(run.status as RunStatus)) return;
    const { kind, conversationId, workflowId, attempt, status, startedAt, finishedAt, errorCode, errorStage } = run;
    const seconds = startedAt && finishedAt ? { seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000 } : {};
    const failed = status === "failed" ? { code: errorCode, stage: errorStage } : {};
    log.info({ runId, kind, conversationId, workflowId, attempt, ...failed, ...seconds }, `run ${status}`);
  } catch (error) {
    log.warn({ err: error, runId }, "run ended; how is not known just now");
  }
}
