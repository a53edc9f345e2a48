import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";

/** By what means the newest results of a person's workspaces were made; null where there is no result yet. */
export async function meansInUse(db: Db, userId: string) {
  const analysis = await db.analysis.findFirst({
    where: { completedAt: { not: null }, conversation: readableBy(userId) },
    select: { model: true, completedAt: true },
    orderBy: { completedAt: "desc" },
  });
  const recording = await db.recording.findFirst({
    where: { speechModel: { not: null }, conversation: readableBy(userId) },
    select: { speakerMethod: true, speechModel: true },
    orderBy: { id: "desc" },
  });
  const { speakerMethod = null, speechModel = null } = recording ?? {};
  return { analysis: analysis?.model ?? null, speakers: speakerMethod, speech: speechModel };
}
