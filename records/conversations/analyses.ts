import type { AnalysisResult, Bullet } from "#domain/analysis.ts";
import { conversationTopic } from "#domain/live.ts";
import type { ResultEventData } from "#domain/live.ts";
import { cleanJson, cleanProse } from "#domain/text.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import type { Db, Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import { newId } from "../ids.ts";

export interface AnalysisRef {
  conversationId: string;
  version: number;
}

/** The version's row, made where it is missing (a recording run makes version 1 when it gets there). */
export async function openAnalysis(db: Db, ref: AnalysisRef) {
  return db.analysis.upsert({
    where: { conversationId_version: ref },
    create: { id: newId(), ...ref },
    update: {},
  });
}

/**
 * Stores a reading's result under its version, once: writing it again replaces the same rows. A model may answer
 * anything, so its words are cleaned here, and a statement of which nothing is left is none. A task that was ticked
 * off in an earlier version stays ticked where its words are the same.
 */
export async function storeAnalysis(
  tx: Tx,
  ref: AnalysisRef,
  {
    result: told,
    model,
    promptVersion,
    costCents,
  }: { result: AnalysisResult; model: string; promptVersion: string; costCents: number },
): Promise<Announcement[]> {
  const result = cleanResult(told);
  const { id: analysisId } = await openAnalysis(tx, ref);
  const done = await tx.actionItem.findMany({
    where: { conversationId: ref.conversationId, doneAt: { not: null } },
    select: { text: true, doneAt: true },
  });
  const doneAt = new Map(done.map((item) => [item.text, item.doneAt]));
  await tx.analysis.update({
    where: { id: analysisId },
    data: {
      text: result.text,
      bullets: result.bullets,
      notes: result.notes,
      model,
      promptVersion,
      costCents,
      completedAt: new Date(),
    },
  });
  await tx.actionItem.deleteMany({ where: { analysisId } });
  const items = result.actionItems.map((item, position) => ({ id: newId(), position, ...item }));
  await tx.actionItem.createMany({
    data: items.map(({ due, ...item }) => ({
      ...item,
      due: due === null ? null : new Date(due),
      conversationId: ref.conversationId,
      analysisId,
      doneAt: doneAt.get(item.text) ?? null,
    })),
  });
  const data: ResultEventData = {
    analysisId,
    version: ref.version,
    summary: { text: result.text, bullets: result.bullets },
    actionItems: items.map(({ id, text, owner, due, segmentIds }) => ({ id, text, owner, due, segmentIds })),
  };
  return [{ topic: conversationTopic(ref.conversationId), type: "result.ready", data }];
}

function cleanResult(told: AnalysisResult): AnalysisResult {
  const { bullets, actionItems, ...rest } = cleanJson(told);
  const saysSomething = ({ text }: { text: string }) => text.trim() !== "";
  return { ...rest, bullets: bullets.filter(saysSomething), actionItems: actionItems.filter(saysSomething) };
}

/**
 * the progress summary becomes the analysis's text and the meeting's progress becomes the plan's, together. The
 * reading's own bullets and their evidence stay.
 */
export async function storePlanReading(
  tx: Tx,
  ref: AnalysisRef,
  reading: { progressSummary: string; updatedProgress: unknown[]; nextSessionPrompt: string },
  costCents: number,
): Promise<Announcement[]> {
  await tx.analysis.update({
    where: { conversationId_version: ref },
    data: {
      text: cleanProse(reading.progressSummary),
      nextSessionPrompt: cleanProse(reading.nextSessionPrompt),
      costCents: { increment: costCents },
    },
  });
  await tx.meeting.update({
    where: { id: ref.conversationId },
    data: { progress: cleanJson(reading.updatedProgress) as Prisma.InputJsonArray },
  });
  const data = { conversationId: ref.conversationId };
  return [{ topic: conversationTopic(ref.conversationId), type: "conversation.changed", data }];
}

/** A stored reading as pages and APIs show it; the newest finished one, or the named version. Null: none yet. */
export async function latestAnalysis(db: Db, conversationId: string, version?: number) {
  const row = await db.analysis.findFirst({
    where: { conversationId, completedAt: { not: null }, ...(version === undefined ? {} : { version }) },
    orderBy: { version: "desc" },
    include: { actionItems: { orderBy: { position: "asc" } } },
  });
  if (row === null) return null;
  return {
    id: row.id,
    version: row.version,
    model: row.model,
    promptVersion: row.promptVersion,
    template: row.template,
    instructions: row.instructions,
    completedAt: row.completedAt?.toISOString() ?? null,
    notes: row.notes as string[],
    summary: { text: row.text ?? "", bullets: row.bullets as unknown as Bullet[] },
    actionItems: row.actionItems.map((item) => ({
      id: item.id,
      text: item.text,
      owner: item.owner,
      due: item.due?.toISOString().slice(0, 10) ?? null,
      segmentIds: item.segmentIds as string[],
      done: item.doneAt !== null,
    })),
  };
}
