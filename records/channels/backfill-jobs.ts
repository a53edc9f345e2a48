import { jobStatusOf } from "#domain/channels/job.ts";
import type { Db } from "../db.ts";

/** The jobs that a backfill put in line, by how they stand. */
export async function backfillJobs(db: Db, backfillId: string) {
  const groups = await db.run.groupBy({ by: ["status"], where: { backfillId }, _count: { _all: true } });
  const count = (...wanted: string[]) =>
    groups.reduce((sum, { status, _count }) => sum + (wanted.includes(jobStatusOf(status)) ? _count._all : 0), 0);
  return {
    inLine: count("pending", "processing", "completed", "failed"),
    open: count("pending", "processing"),
    done: count("completed"),
    failed: count("failed"),
  };
}
