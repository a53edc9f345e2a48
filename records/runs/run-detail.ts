import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";
import { errorOf } from "./runs.ts";

/** One run in full for those who operate the server; `operatorId` sees it only with the role "admin". */
export async function runDetail(db: Db, operatorId: string, runId: string) {
  const operator = await db.user.findUnique({ where: { id: operatorId }, select: { role: true } });
  const run = await db.run.findFirst({
    where: { id: runId, ...(operator?.role === "admin" ? {} : readableBy(operatorId)) },
    include: {
      stages: { orderBy: { startedAt: "asc" } },
      claims: { orderBy: { attempt: "asc" } },
      conversation: { select: { kind: true, recording: true } },
      workspace: { select: { name: true } },
    },
  });
  if (run === null) return null;
  return { ...run, warnings: run.warnings as string[], error: errorOf(run) };
}
