import { conversationTopic } from "#domain/live.ts";
import { nameOf } from "#domain/transcript.ts";
import type { NamedSpeaker } from "#domain/transcript.ts";
import { readableBy, writableBy } from "../accounts/access.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";

/** The conversation of a task that this person can see, or null. */
export async function conversationOfItem(db: Db, userId: string, id: string): Promise<string | null> {
  const item = await db.actionItem.findFirst({
    where: { id, conversation: readableBy(userId) },
    select: { conversationId: true },
  });
  return item?.conversationId ?? null;
}

/**
 * Gives the tasks of one who is called otherwise now the new name. Not where somebody else has the old one too: whose
 * each of them is cannot be told.
 */
export async function renameOwner(
  tx: Tx,
  { conversationId, from, to }: { conversationId: string; from: string; to: string },
): Promise<void> {
  const sharing = await tx.speaker.count({ where: { conversationId, displayName: from } });
  if (from === to || sharing > 0) return;
  await tx.actionItem.updateMany({ where: { conversationId, owner: from }, data: { owner: to } });
}

/** A speaker's tasks, by their name. None where somebody else has it too: whose each of them is cannot be told. */
export async function itemsOf(tx: Tx, speaker: NamedSpeaker & { conversationId: string }): Promise<string[]> {
  const { conversationId, label } = speaker;
  const owner = nameOf([speaker], label);
  const sharing = await tx.speaker.count({ where: { conversationId, displayName: owner, label: { not: label } } });
  if (sharing > 0) return [];
  const items = await tx.actionItem.findMany({ where: { conversationId, owner }, select: { id: true } });
  return items.map(({ id }) => id);
}

/** Ticks a task off, or takes that back. False: no such task for this person. */
export async function tickActionItem(
  prisma: PrismaClient,
  { userId, id, done }: { userId: string; id: string; done: boolean },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const item = await tx.actionItem.findFirst({
      where: { id, conversation: writableBy(userId) },
      select: { conversationId: true },
    });
    if (item === null) return false;
    await tx.actionItem.update({ where: { id }, data: { doneAt: done ? new Date() : null } });
    await announce(tx, [
      { topic: conversationTopic(item.conversationId), type: "action_item.changed", data: { id, done } },
    ]);
    return true;
  });
}
