import type { Db, PrismaClient, Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { hasAccounts } from "./users.ts";

/** Any number will do, as long as every process takes the same. */
const ADMINISTRATORS_LOCK = 7_205_911_347;

/** Who looks after this server changes for one at a time: two at once must neither both become it, nor both cease to be. */
export async function lockAdministrators(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})::text AS locked`;
}

/**
 * Makes the first account of the server and its sign-in, at once or not at all, also where several processes start on
 * the same new database. Gives its id; null where somebody has an account already.
 */
export const createFirstAdministrator = (
  prisma: PrismaClient,
  { email, passwordHash }: { email: string; passwordHash: string },
): Promise<string | null> =>
  prisma.$transaction(async (tx) => {
    await lockAdministrators(tx);
    if (await hasAccounts(tx)) return null;
    const id = newId();
    // As better-auth keeps a password.
    const account = { id: newId(), providerId: "credential", accountId: id, password: passwordHash };
    await tx.user.create({ data: { id, email, name: "Administrator", role: "admin", accounts: { create: account } } });
    return id;
  });

/** Whether nobody else could look after the server, though others have accounts: the next to sign in would become its administrator. */
export async function isNeededAdministrator(db: Db, userId: string): Promise<boolean> {
  const others = { id: { not: userId }, deletingAt: null };
  const own = await db.user.count({ where: { id: userId, role: "admin" } });
  if (own === 0 || (await db.user.count({ where: { ...others, role: "admin" } })) > 0) return false;
  return (await db.user.count({ where: others })) > 0;
}
