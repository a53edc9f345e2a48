import type { EpisodeChapter } from "#domain/channels/judgement/chapters.ts";
import type { Decision } from "#domain/channels/judgement/decide.ts";
import type { EditPart, EditPlan } from "#domain/channels/judgement/edit-plan.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { Db, Tx } from "../db.ts";

/** What was judged of a video, and the part of it that listeners get, in milliseconds of its file. */
export interface StoredDecision extends Decision {
  startMs: number;
  endMs: number;
}

/** An episode's sound as it was made. */
export interface MixedSound {
  durationMs: number;
  /** Integrated loudness by EBU R 128, and the highest peak in dBTP. */
  lufs: number;
  truePeak: number;
}

/** The same with how it came about. */
export interface StoredMix extends MixedSound {
  parts: readonly EditPart[];
  chapters: readonly EpisodeChapter[];
  /** Why the chapters are not its source's own, in words; empty where there is nothing to say. */
  chaptersNote: string;
}

/** Keeps what was judged for a revision. A later try of the same stage says the same, or knows better. */
export async function storeDecision(
  tx: Tx,
  of: { videoId: string; revision: number },
  { should_autopublish: shouldAutopublish, confidence, reasons, startMs, endMs }: StoredDecision,
): Promise<void> {
  const data = {
    shouldAutopublish,
    confidence,
    reasons: reasons as unknown as Prisma.InputJsonArray,
    startMs,
    endMs,
  };
  await tx.episodeDecision.upsert({
    where: { videoId_revision: of },
    create: { ...of, ...data },
    update: data,
  });
}

/** Keeps how a revision's sound was made. */
export async function storeMix(
  tx: Tx,
  of: { videoId: string; revision: number },
  { parts, chapters, ...sound }: StoredMix,
): Promise<void> {
  await tx.episodeDecision.update({
    where: { videoId_revision: of },
    data: {
      parts: parts as unknown as Prisma.InputJsonArray,
      chapters: chapters.length === 0 ? Prisma.DbNull : (chapters as unknown as Prisma.InputJsonArray),
      ...sound,
    },
  });
}

/** The chapters of a revision. Null: it has none. */
export async function episodeChapters(
  db: Db,
  of: { videoId: string; revision: number },
): Promise<EpisodeChapter[] | null> {
  const row = await db.episodeDecision.findUnique({ where: { videoId_revision: of }, select: { chapters: true } });
  return (row?.chapters ?? null) as unknown as EpisodeChapter[] | null;
}

/** How a revision's sound was cut and joined. Null: it was not. */
export async function editPlanOf(db: Db, of: { videoId: string; revision: number }): Promise<EditPlan | null> {
  const row = await db.episodeDecision.findUnique({
    where: { videoId_revision: of },
    select: { parts: true, durationMs: true },
  });
  if (row === null || row.parts === null || row.durationMs === null) return null;
  return { parts: row.parts as unknown as EditPart[], durationMs: row.durationMs };
}

/** Null: nobody and nothing has judged it. */
export async function decisionOf(
  db: Db,
  of: { videoId: string; revision: number },
): Promise<(StoredDecision & { sound: MixedSound | null; chaptersNote: string }) | null> {
  const row = await db.episodeDecision.findUnique({ where: { videoId_revision: of } });
  if (row === null) return null;
  const { shouldAutopublish, confidence, reasons, startMs, endMs, durationMs, lufs, truePeak } = row;
  return {
    should_autopublish: shouldAutopublish,
    confidence,
    reasons: reasons as unknown as Decision["reasons"],
    startMs,
    endMs,
    chaptersNote: row.chaptersNote,
    sound: durationMs === null || lufs === null || truePeak === null ? null : { durationMs, lufs, truePeak },
  };
}
