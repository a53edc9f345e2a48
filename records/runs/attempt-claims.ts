import type { PrismaClient } from "../db.ts";

interface Claim {
  runId: string;
  attempt: number;
  temporalRunId: string;
}

/**
 * Claims an attempt of a run for one Temporal execution, and says whose it is. Another's: this execution (a start that
 * was delivered twice) must end without doing anything. Null: the run is gone.
 */
export async function claimAttempt(prisma: PrismaClient, claim: Claim): Promise<string | null> {
  await prisma.runClaim.createMany({ data: claim, skipDuplicates: true });
  const { runId, attempt } = claim;
  const holder = await prisma.runClaim.findUnique({ where: { runId_attempt: { runId, attempt } } });
  return holder?.temporalRunId ?? null;
}

/** Takes a claim over from an execution that is gone; false where somebody else was quicker. */
export async function takeClaim(prisma: PrismaClient, claim: Claim, from: string): Promise<boolean> {
  const { runId, attempt, temporalRunId } = claim;
  const { count } = await prisma.runClaim.updateMany({
    where: { runId, attempt, temporalRunId: from },
    data: { temporalRunId },
  });
  return count === 1;
}
