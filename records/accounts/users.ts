import type { Db } from "../db.ts";

/** Whether anybody has an account here; the first one looks after the server. */
export const hasAccounts = async (db: Db): Promise<boolean> => (await db.user.count({ take: 1 })) > 0;

/** What others see of a person. Null: the account is gone. */
export const personOf = (db: Db, userId: string) =>
  db.user.findUnique({ where: { id: userId }, select: { name: true, email: true } });

/** Changes what others call a person. */
export async function renameUser(db: Db, userId: string, name: string): Promise<void> {
  await db.user.update({ where: { id: userId }, data: { name } });
}
