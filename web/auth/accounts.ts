import { lockAdministrators } from "#records/accounts/administrators.ts";
import type { PrismaClient } from "#records/db.ts";
import { ensurePersonalWorkspace } from "#records/accounts/workspaces.ts";

/**
 * What every new account gets: a workspace of its own and, where nobody runs this server yet, the administrator's
 * role. Doing it again changes nothing.
 */
export async function settleAccount(prisma: PrismaClient, userId: string): Promise<void> {
  await ensurePersonalWorkspace(prisma, userId);
  await prisma.$transaction(async (tx) => {
    await lockAdministrators(tx);
    const administrators = await tx.user.count({ where: { role: "admin" } });
    if (administrators === 0) await tx.user.update({ where: { id: userId }, data: { role: "admin" } });
  });
}
