import { workspaceTopic } from "#domain/live.ts";
import type { Db } from "../db.ts";

/** A topic with the number up to which a page's rows already tell it. */
export interface TopicHead {
  topic: string;
  seq: number;
}

/** Where the feeds of all of a person's workspaces stand. Read it with the rows, at one instant. */
export async function workspaceHeads(db: Db, userId: string): Promise<TopicHead[]> {
  const memberships = await db.membership.findMany({ where: { userId }, select: { workspaceId: true } });
  const topics = memberships.map(({ workspaceId }) => workspaceTopic(workspaceId));
  const heads = await db.liveTopic.findMany({ where: { topic: { in: topics } } });
  const seqOf = new Map(heads.map(({ topic, seq }) => [topic, Number(seq)]));
  return topics.map((topic) => ({ topic, seq: seqOf.get(topic) ?? 0 }));
}
