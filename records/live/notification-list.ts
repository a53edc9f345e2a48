import type { Db } from "../db.ts";

/** A person's notices, newest first, after the one with id `cursor`. */
export async function notificationsOf(db: Db, userId: string, cursor: string | null, limit = 30) {
  const rows = await db.notification.findMany({
    where: { userId, ...(cursor === null ? {} : { id: { lt: cursor } }) },
    select: {
      id: true,
      type: true,
      title: true,
      body: true,
      link: true,
      readAt: true,
      createdAt: true,
      details: true,
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** Marks one notice as read, or all of them. */
export async function markNotificationsRead(db: Db, userId: string, id?: string): Promise<void> {
  await db.notification.updateMany({
    where: { userId, readAt: null, ...(id === undefined ? {} : { id }) },
    data: { readAt: new Date() },
  });
}
