import type { RunState } from "#domain/run.ts";
import type { Stage } from "#domain/stages.ts";
import { stageMessage } from "#domain/stages.ts";
import { cleanProse } from "#domain/text.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { applyRunEvent } from "./runs.ts";
import { dequeueRun } from "./turns.ts";

export interface StageRef {
  runId: string;
  attempt: number;
  stage: Stage;
}

/**
 * Marks one try of a stage as begun: the run moves to it and `tries` counts up, but where it only goes on after a turn
 * of others. Gives null when the work is not wanted any more (the run is gone, ended, or on a later attempt).
 */
export async function beginTry(
  prisma: PrismaClient,
  { runId, attempt, stage }: StageRef,
  { goesOn = false }: { goesOn?: boolean } = {},
): Promise<RunState | null> {
  return prisma.$transaction(async (tx) => {
    const applied = await applyRunEvent(tx, runId, { type: "stage", stage }, attempt);
    if (applied === null || applied.state.attempt !== attempt || applied.state.status !== "processing") return null;
    await dequeueRun(tx, runId);
    await tx.runStage.upsert({
      where: { runId_stage: { runId, stage } },
      create: { runId, stage, status: "active", tries: 1, message: stageMessage[stage] },
      update: { status: "active", finishedAt: null, ...(goesOn ? {} : { tries: { increment: 1 } }) },
    });
    return applied.state;
  });
}

/** Takes back that a try was begun, of work that its worker handed back because it stops. */
export async function returnTry(
  prisma: PrismaClient,
  { runId, stage }: Pick<StageRef, "runId" | "stage">,
): Promise<void> {
  await prisma.runStage.updateMany({ where: { runId, stage, tries: { gt: 0 } }, data: { tries: { decrement: 1 } } });
}

/** Marks a stage as ended within the transaction that stores its result. `message` tells what came of it. */
export async function endStage(
  tx: Tx,
  { runId, stage }: Pick<StageRef, "runId" | "stage">,
  status: "completed" | "failed" | "skipped",
  message: string,
): Promise<void> {
  const finishedAt = new Date();
  await tx.runStage.upsert({
    where: { runId_stage: { runId, stage } },
    create: { runId, stage, status, message, finishedAt },
    update: { status, message, finishedAt },
  });
}

/**
 * Adds a line to what the run could not do though it goes on; the same line twice is one. It may quote a model or a
 * provider, so it is cleaned here.
 */
export async function addWarning(tx: Tx, runId: string, told: string): Promise<void> {
  const warning = cleanProse(told);
  await tx.$executeRaw`
    UPDATE run SET warnings = warnings || to_jsonb(${warning}::text)
    WHERE id = ${runId}::uuid AND NOT warnings @> to_jsonb(${warning}::text)`;
}
