import type { Decision } from "#domain/channels/judgement/decide.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import type { Db, Tx } from "../db.ts";

/** What was judged of a video, and the part of it that listeners get, in milliseconds of its file. */
export interface StoredDecision extends Decision {
  startMs: number;
  endMs: number;
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

/** Null: nobody and nothing has judged it. */
export async function decisionOf(db: Db, of: { videoId: string; revision: number }): Promise<StoredDecision | null> {
  const row = await db.episodeDecision.findUnique({ where: { videoId_revision: of } });
  if (row === null) return null;
  const { shouldAutopublish, confidence, reasons, startMs, endMs } = row;
  return {
    should_autopublish: shouldAutopublish,
    confidence,
    reasons: reasons as unknown as Decision["reasons"],
    startMs,
    endMs,
  };
}
