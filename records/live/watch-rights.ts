import { isId } from "#domain/ids.ts";
import type { Db } from "../db.ts";

/** A person and a topic they watch. */
export interface Watch {
  userId: string;
  topic: string;
}

export const watchKey = ({ userId, topic }: Watch) => `${userId} ${topic}`;

/** Whether this person may watch this topic now. */
export const mayWatch = async (db: Db, watch: Watch): Promise<boolean> => (await rightfulWatches(db, [watch])).size > 0;

/**
 * Which of many people's watches are rightful now, as a set of `watchKey`s, in one query. Topics of other forms than
 * those of `domain/live.ts` never are.
 */
export async function rightfulWatches(db: Db, watches: readonly Watch[]): Promise<Set<string>> {
  const entries = watches.flatMap(({ userId, topic }) => {
    const [kind, subject = "", ...more] = topic.split(":");
    return isId(subject) && more.length === 0 ? { userId, topic, kind, subject } : [];
  });
  if (entries.length === 0) return new Set();
  const rows = await db.$queryRaw<{ user_id: string; topic: string }[]>`
    SELECT watch."userId"::text AS user_id, watch.topic
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS watch("userId" uuid, topic text, kind text, subject uuid)
    WHERE (watch.kind = 'user' AND watch.subject = watch."userId")
       OR (watch.kind = 'workspace' AND EXISTS (
             SELECT 1 FROM membership WHERE workspace_id = watch.subject AND user_id = watch."userId"))
       OR (watch.kind = 'channel' AND EXISTS (
             SELECT 1 FROM channel JOIN membership USING (workspace_id)
             WHERE channel.id = watch.subject AND membership.user_id = watch."userId"))
       OR (watch.kind = 'conversation' AND EXISTS (
             SELECT 1 FROM conversation JOIN membership USING (workspace_id)
             WHERE conversation.id = watch.subject AND membership.user_id = watch."userId"))`;
  return new Set(rows.map((row) => watchKey({ userId: row.user_id, topic: row.topic })));
}
