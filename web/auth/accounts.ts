import type { PrismaClient } from "#records/db.ts";
import { ensurePersonalWorkspace } from "#records/accounts/workspaces.ts";

/** Any number will do, as long as every process takes the same. */
const FIRST_ACCOUNT_LOCK = 7_205_911_347;

/**
 * What every new account gets: a workspace of its own and, where nobody runs this server yet, the administrator's
 * role. Doing it again changes nothing.
 */
export async function settleAccount(prisma: PrismaClient, userId: string): Promise<void> {
  await ensurePersonalWorkspace(prisma, userId);
  await prisma.$transaction(async (tx) => {
    // Two first sign-ups at once must not both become administrator, nor neither.
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(${FIRST_ACCOUNT_LOCK})::text AS locked`;
    const administrators = await tx.user.count({ where: { role: "admin" } });
    if (administrators === 0) await tx.user.update({ where: { id: userId }, data: { role: "admin" } });
  });
}
