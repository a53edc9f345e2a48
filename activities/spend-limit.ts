import type { PrismaClient } from "#records/db.ts";
import { spentToday } from "#records/accounts/model-costs.ts";
import { failure } from "./clients/child.ts";

/** Refuses to spend more once the day's limit (cents, UTC day; null for none) is reached. */
export async function requireBudget(prisma: PrismaClient, limitCents: number | null): Promise<void> {
  if (limitCents !== null && (await spentToday(prisma)) >= limitCents) throw failure("spend_limit");
}
