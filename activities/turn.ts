import { performance } from "node:perf_hooks";
import { timing } from "#domain/timing.ts";
import type { PrismaClient } from "#records/db.ts";
import { foundIn, nextSlice, storeSlice } from "#records/runs/sound-slices.ts";
import type { SliceKind } from "#records/runs/sound-slices.ts";
import type { StageInput } from "./stage.ts";

/** How a turn ended: `more` has to be done, for which the work waits in line again. */
export type TurnEnd = "done" | "more";

export interface WorkTurn {
  isOver(): boolean;
}

/**
 * A turn that begins now; without a number all the work is done in it. It is asked between two pieces of work, so that
 * each turn does at least one.
 */
export function beginTurn({ turn }: StageInput): WorkTurn {
  const endsAt = turn === undefined ? Infinity : performance.now() + timing.turnMs;
  return { isOver: () => performance.now() >= endsAt };
}

interface SlicedWork<Found> {
  conversationId: string;
  kind: SliceKind;
  turn: WorkTurn;
  signal: AbortSignal;
  runSlice(from: number): Promise<{ found: Found[]; next: number | null }>;
}

/** Goes on from where the turn before stopped. Null where this one is over before all slices are done. */
export async function resumeSlices<Found>(prisma: PrismaClient, work: SlicedWork<Found>): Promise<Found[] | null> {
  const { conversationId, kind, turn, signal, runSlice } = work;
  for (let isFirst = true; ; isFirst = false) {
    const slice = await nextSlice(prisma, { conversationId, kind });
    if (slice === null) return foundIn<Found>(prisma, { conversationId, kind });
    if (!isFirst && turn.isOver()) return null;
    signal.throwIfAborted();
    const { found, next } = await runSlice(slice.from);
    await storeSlice(prisma, { conversationId, kind, index: slice.index, next, found });
  }
}
