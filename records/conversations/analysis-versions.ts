import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";

/** Every reading of a transcript, newest first, with the run that makes or made it. */
export async function analysisVersions(db: Db, userId: string, conversationId: string) {
  const rows = await db.analysis.findMany({
    where: { conversationId, conversation: readableBy(userId) },
    select: {
      version: true,
      model: true,
      template: true,
      instructions: true,
      createdAt: true,
      completedAt: true,
      createdBy: { select: { name: true } },
    },
    orderBy: { version: "desc" },
  });
  const runs = await db.run.findMany({
    where: { conversationId, kind: "analysis", ...readableBy(userId) },
    select: { id: true, workflowId: true, status: true, errorMessage: true },
  });
  const runOf = new Map(runs.map((run) => [run.workflowId, run]));
  return rows.map(({ createdBy, ...row }) => {
    const run = runOf.get(`analysis:${conversationId}:${row.version}`);
    return {
      ...row,
      by: createdBy?.name ?? null,
      run: run === undefined ? null : { id: run.id, status: run.status, message: run.errorMessage },
    };
  });
}
