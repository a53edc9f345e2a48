import { agentWorkflowId, conversationPath } from "#domain/ids.ts";
import { changeTopics, channelTopic, conversationTopic, userTopic, workspaceTopic } from "#domain/live.ts";
import { writableBy } from "../accounts/access.ts";
import { audit } from "../accounts/audit.ts";
import { endReviewsOf } from "../channels/review-wait.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { againAfterDeadlock } from "../deadlock.ts";
import { newId } from "../ids.ts";
import { announce, announcementsFor } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";
import { enqueue } from "../queues/outbox.ts";
import { orderErasure } from "../bot-visits/erasure.ts";

/**
 * Deletes a conversation with everything of it. Rows go at once, by the schema's cascades; its workflows and files go
 * through the outbox, which does not forget them. Its feed goes too, but for the event that says so. Jobs that store what
 * they made take the same rows in other orders.
 */
export const deleteConversation = (prisma: PrismaClient, asked: { userId: string; id: string }): Promise<boolean> =>
  againAfterDeadlock(() => prisma.$transaction((tx) => deleteConversationIn(tx, asked)));

async function deleteConversationIn(tx: Tx, { userId, id }: { userId: string; id: string }): Promise<boolean> {
  const row = await tx.conversation.findFirst({ where: { id, ...writableBy(userId) }, select: { workspaceId: true } });
  if (row === null) return false;
  await orderErasure(tx, { id });
  const news = await removeConversations(tx, [id]);
  await tx.$executeRaw`
    UPDATE calendar_event SET visited_of = starts_at
    WHERE id IN (SELECT event_id FROM recorder_watch WHERE recorder_id = ${id}::uuid)`;
  // The visit of the bot that recorded it, which knows its title.
  await tx.run.deleteMany({ where: { recorder: { id } } });
  await tx.episode.deleteMany({ where: { videoId: id } });
  await tx.video.updateMany({ where: { id }, data: { state: "gone", reason: "Deleted here" } });
  await audit(tx, { workspaceId: row.workspaceId, actorId: userId, action: "conversation.delete", subject: id });
  await announce(tx, news);
  return true;
}

/** Removes conversations with what hangs on them, and gives back what to tell of it. */
export async function removeConversations(tx: Tx, ids: readonly string[]): Promise<Announcement[]> {
  const rows = await tx.conversation.findMany({
    where: { id: { in: [...ids] } },
    select: {
      id: true,
      kind: true,
      workspaceId: true,
      ownerId: true,
      runs: { select: { id: true, workflowId: true, channelId: true } },
    },
  });
  await tx.outbox.updateMany({
    where: { partitionKey: { in: rows.flatMap(({ runs }) => runs.map((run) => run.id)) }, state: "new" },
    data: { state: "dropped", doneAt: new Date() },
  });
  const found = rows.map(({ id }) => id);
  await endReviewsOf(tx, found);
  await tx.conversation.deleteMany({ where: { id: { in: found } } });
  await tx.webhookDelivery.deleteMany({ where: { subjectKind: "meeting", subjectId: { in: found } } });
  await tx.liveEvent.deleteMany({ where: { topic: { in: found.map(conversationTopic) } } });
  // Elsewhere its events are emptied, not removed: a topic's numbers have no holes.
  const elsewhere = [...new Set(rows.flatMap(topicsBeside))];
  await tx.$executeRaw`
    UPDATE live_event
    SET type = 'conversation.deleted', data = jsonb_build_object('conversationId', coalesce(data->>'conversationId', data->>'videoId'))
    WHERE topic = ANY(${elsewhere}) AND (data->>'conversationId' = ANY(${found}) OR data->>'videoId' = ANY(${found}))`;
  await tx.notification.deleteMany({ where: { link: { in: rows.map(({ id, kind }) => conversationPath(kind, id)) } } });
  for (const { id, kind, runs } of rows) {
    const workflowIds = runs.map((run) => run.workflowId);
    if (kind === "meeting") workflowIds.push(agentWorkflowId(id));
    await enqueue(tx, {
      kind: "conversation.deleted",
      payload: { conversationId: id, workflowIds },
      dedupeKey: `conversation.deleted:${id}:${newId()}`,
      partitionKey: id,
    });
  }
  return rows.flatMap(({ id, workspaceId, runs }) => {
    const channelId = runs[0]?.channelId ?? null;
    const topics = changeTopics({ workspaceId, conversationId: id, channelId });
    return announcementsFor(topics, "conversation.deleted", { conversationId: id });
  });
}

interface Removed {
  workspaceId: string;
  ownerId: string | null;
  runs: { channelId: string | null }[];
}

const topicsBeside = ({ workspaceId, ownerId, runs }: Removed): string[] => [
  workspaceTopic(workspaceId),
  ...(ownerId === null ? [] : [userTopic(ownerId)]),
  ...runs.flatMap(({ channelId }) => (channelId === null ? [] : [channelTopic(channelId)])),
];
