import type { Db } from "../db.ts";

/** A person's signed-in browsers, the newest first. */
export async function sessionsOf(db: Db, userId: string) {
  return db.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    select: { id: true, createdAt: true, updatedAt: true, ipAddress: true, userAgent: true },
    orderBy: { updatedAt: "desc" },
  });
}

/** Signs a person out of one of their browsers. */
export async function endSession(db: Db, { userId, id }: { userId: string; id: string }): Promise<void> {
  await db.session.deleteMany({ where: { id, userId } });
}
