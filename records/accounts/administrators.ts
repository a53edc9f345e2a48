import type { Db, Tx } from "../db.ts";

/** Any number will do, as long as every process takes the same. */
const ADMINISTRATORS_LOCK = 7_205_911_347;

/** Who looks after this server changes for one at a time: two at once must neither both become it, nor both cease to be. */
export async function lockAdministrators(tx: Tx): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${ADMINISTRATORS_LOCK})::text AS locked`;
}

/** Whether nobody else could look after the server, though others have accounts: the next to sign in would become its administrator. */
export async function isNeededAdministrator(db: Db, userId: string): Promise<boolean> {
  const others = { id: { not: userId }, deletingAt: null };
  const own = await db.user.count({ where: { id: userId, role: "admin" } });
  if (own === 0 || (await db.user.count({ where: { ...others, role: "admin" } })) > 0) return false;
  return (await db.user.count({ where: others })) > 0;
}
