import type { Db, PrismaClient, Tx } from "../db.ts";
import { writableBy } from "../accounts/access.ts";
import { orderStart } from "./new-run.ts";
import type { Answer } from "./run-requests.ts";
import { applyRunEvent } from "./runs.ts";
import { storeSegments } from "../conversations/segments.ts";
import type { NewSegment } from "../conversations/segments.ts";

export interface TranscriptionOrder {
  userId: string;
  conversationId: string;
  /** Null: nobody says it. Left out, it stays as it is; so do the speakers (null: to be counted). */
  language?: string | null | undefined;
  speakers?: number | null | undefined;
}

/**
 * Orders a recording's transcript anew: another attempt of its run, from decoding on. What is there stays to be seen
 * until the new one is whole.
 */
export async function orderTranscription(prisma: PrismaClient, order: TranscriptionOrder): Promise<Answer> {
  const { userId, conversationId, language, speakers } = order;
  return prisma.$transaction(async (tx) => {
    const run = await tx.run.findFirst({
      where: { conversationId, kind: "recording", ...writableBy(userId) },
      select: { id: true, conversation: { select: { recording: { select: { sizeBytes: true } } } } },
    });
    const recording = run?.conversation?.recording;
    if (!run || !recording) return { ok: false, reason: "not_found" };
    if (recording.sizeBytes === 0n) return conflict("This recording has no sound yet.");
    const applied = await applyRunEvent(tx, run.id, { type: "again" });
    if (!applied?.changed) return conflict("This recording is being worked on. Wait for its end, or cancel it.");
    const latest = await tx.analysis.aggregate({ where: { conversationId }, _max: { version: true } });
    const segments = await tx.transcriptSegment.count({ where: { conversationId } });
    if (language !== undefined) await tx.conversation.update({ where: { id: conversationId }, data: { language } });
    await tx.recording.update({
      where: { id: conversationId },
      data: {
        replaces: segments > 0,
        summaryVersion: (latest._max.version ?? 0) + 1,
        ...(speakers === undefined ? {} : { speakerCount: speakers }),
      },
    });
    await tx.transcriptPiece.deleteMany({ where: { conversationId } });
    await tx.runStage.deleteMany({ where: { runId: run.id, stage: { not: "upload" } } });
    await tx.run.update({ where: { id: run.id }, data: { warnings: [] } });
    await orderStart(tx, run.id, applied.state.attempt);
    return { ok: true, state: applied.state };
  });
}

const conflict = (message: string) => ({ ok: false, reason: "conflict", message }) as const;

/** What there is of the transcript that will replace the one before. */
export async function draftOf(db: Db, conversationId: string): Promise<NewSegment[]> {
  const pieces = await db.transcriptPiece.findMany({ where: { conversationId }, orderBy: { index: "asc" } });
  return pieces.flatMap(({ draft }) => (draft ?? []) as unknown as NewSegment[]);
}

/**
 * Puts the transcript that was made anew in the place of the one before, all at once. Names that people gave stay with
 * the labels that are still there.
 */
export async function replaceTranscript(tx: Tx, conversationId: string): Promise<void> {
  const segments = await draftOf(tx, conversationId);
  // A person who puts the old words right meanwhile locks this before them.
  await tx.$queryRaw`SELECT 1 FROM conversation WHERE id = ${conversationId}::uuid FOR UPDATE`;
  // What was merged was merged of the old words; the new ones may have other speakers of these labels.
  await tx.speakerMerge.deleteMany({ where: { conversationId } });
  await tx.transcriptSegment.deleteMany({ where: { conversationId } });
  await storeSegments(tx, conversationId, segments);
  const labels = [...new Set(segments.map(({ speaker }) => speaker))];
  await tx.speaker.deleteMany({ where: { conversationId, label: { notIn: labels } } });
  await tx.recording.update({ where: { id: conversationId }, data: { replaces: false } });
}
