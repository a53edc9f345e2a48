import { transcribesMedia } from "#domain/stages.ts";
import type { Stage } from "#domain/stages.ts";
import type { Db, PrismaClient } from "../db.ts";
import { applyRunEvent } from "./runs.ts";

const heavyStages: readonly string[] = [
  "transcode",
  "speech_detection",
  "diarization",
  "transcription",
  "alignment",
  "audio_processing",
] satisfies Stage[];

/** Whether what a run that transcribes does next in this stage is heavy work, for which it may have to wait. */
export const isHeavy = ({ kind, stage }: { kind: string; stage: string }): boolean =>
  transcribesMedia(kind) && heavyStages.includes(stage);

/** Puts a run in line for heavy work. What is in line already keeps its place. */
export async function enqueueRun(db: Db, runId: string): Promise<void> {
  await db.run.updateMany({
    where: { id: runId, waitingSince: null, finishedAt: null },
    data: { waitingSince: new Date() },
  });
}

/** It has its turn, or waits for something else. */
export async function dequeueRun(db: Db, runId: string): Promise<void> {
  await db.run.updateMany({ where: { id: runId, waitingSince: { not: null } }, data: { waitingSince: null } });
}

interface Waiting {
  id: string;
  attempt: number;
  place: number;
}

/**
 * Tells the runs that have waited for a while their place in line, by what goes first and who stood in it first. One read for all of them;
 * those that have been told so already are told nothing.
 */
export async function announceQueuePlaces(prisma: PrismaClient, { afterMs, most }: { afterMs: number; most: number }) {
  const before = new Date(Date.now() - afterMs);
  const line = await prisma.$queryRaw<Waiting[]>`
    SELECT id, attempt, place FROM (
      SELECT id, attempt, waiting_since, row_number() OVER (ORDER BY priority, waiting_since, id)::int AS place
      FROM run WHERE waiting_since IS NOT NULL
    ) AS line WHERE waiting_since < ${before} ORDER BY place LIMIT ${most}`;
  for (const { id, attempt, place } of line) {
    await prisma.$transaction(async (tx) => {
      // Its turn may have come in this moment.
      const waits = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM run WHERE id = ${id}::uuid AND waiting_since < ${before} FOR UPDATE`;
      if (waits.length > 0) await applyRunEvent(tx, id, { type: "waiting", place }, attempt);
    });
  }
}
