import type { Piece } from "#domain/transcript.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { cleanJson } from "#domain/text.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { announce } from "../live/feed.ts";
import { applyRunEvent } from "./runs.ts";
import { storeSegments } from "../conversations/segments.ts";
import { addSpend } from "../accounts/model-costs.ts";
import type { NewSegment } from "../conversations/segments.ts";

export type PlannedPiece = Piece & { recognised: boolean };

/** The pieces of a recording as they were planned, in order; empty before there is a plan. */
export async function openPieces(prisma: PrismaClient, conversationId: string): Promise<PlannedPiece[]> {
  const rows = await prisma.transcriptPiece.findMany({ where: { conversationId }, orderBy: { index: "asc" } });
  return rows.map((row) => ({
    index: row.index,
    start: row.startSeconds,
    end: row.endSeconds,
    recognised: row.recognisedAt !== null,
  }));
}

/** Stores the plan once; a plan that is there already stands, so a restart cuts at the same places. */
export async function storePlan(
  prisma: PrismaClient,
  conversationId: string,
  pieces: Piece[],
): Promise<PlannedPiece[]> {
  await prisma.transcriptPiece.createMany({
    data: pieces.map(({ index, start, end }) => ({ conversationId, index, startSeconds: start, endSeconds: end })),
    skipDuplicates: true,
  });
  return openPieces(prisma, conversationId);
}

/** Counts that the audio of pieces goes to the engine, so that repeats can be seen. */
export async function claimPieces(prisma: PrismaClient, conversationId: string, pieces: Piece[]): Promise<void> {
  if (pieces.length === 0) return;
  await prisma.transcriptPiece.updateMany({
    where: { conversationId, index: { in: pieces.map(({ index }) => index) } },
    data: { recognitions: { increment: 1 } },
  });
}

/**
 * Stores a recognised piece: its segments, the news of them, and the claim of the next piece, all or nothing. The
 * first piece also moves the run on to alignment. A piece that is stored already changes nothing.
 */
export async function completePiece(
  prisma: PrismaClient,
  run: { runId: string; attempt: number; conversationId: string; workspaceId: string },
  done: {
    piece: Piece;
    next: Piece | null;
    segments: NewSegment[];
    /** Kept with the piece, not shown: they will replace an earlier transcript. */
    isDraft: boolean;
    fraction: number;
    message: string;
    costCents: number;
  },
): Promise<void> {
  const { runId, attempt, conversationId, workspaceId } = run;
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.transcriptPiece.updateMany({
      where: { conversationId, index: done.piece.index, recognisedAt: null },
      data: {
        recognisedAt: new Date(),
        ...(done.isDraft ? { draft: cleanJson(done.segments) as unknown as Prisma.InputJsonArray } : {}),
      },
    });
    if (done.next !== null) {
      await tx.transcriptPiece.updateMany({
        where: { conversationId, index: done.next.index },
        data: { recognitions: { increment: 1 } },
      });
    }
    if (count === 0) return;
    if (done.costCents > 0) await addSpend(tx, workspaceId, done.costCents);
    const stored = done.isDraft ? [] : await storeSegments(tx, conversationId, done.segments);
    if (stored.length > 0) await moveToAlignment(tx, runId, attempt);
    await announce(tx, stored);
    const { fraction, message } = done;
    // A piece in which nothing was said may come before or after the first words; progress fits one stage only.
    for (const stage of stored.length > 0 ? (["alignment"] as const) : (["transcription", "alignment"] as const)) {
      await applyRunEvent(tx, runId, { type: "progress", stage, fraction, message }, attempt);
    }
  });
}

// The status `alignment` goes out before the first segment that has its speaker, once per attempt.
async function moveToAlignment(tx: Tx, runId: string, attempt: number): Promise<void> {
  const moved = await applyRunEvent(tx, runId, { type: "stage", stage: "alignment" }, attempt);
  if (!moved?.changed) return;
  await tx.runStage.upsert({
    where: { runId_stage: { runId, stage: "alignment" } },
    create: { runId, stage: "alignment", status: "active", tries: 1 },
    update: { status: "active", tries: { increment: 1 }, finishedAt: null },
  });
}
