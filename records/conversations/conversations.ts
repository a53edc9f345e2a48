import { changeTopics, conversationTopic } from "#domain/live.ts";
import { columnsOf, isoOf, momentFrom } from "#domain/recorded.ts";
import { nameOf } from "#domain/transcript.ts";
import { lockWritable, readableBy, writableBy } from "../accounts/access.ts";
import { noteSpeakers } from "../channels/speakers.ts";
import type { Db, PrismaClient } from "../db.ts";
import { announce, announcementsFor } from "../live/feed.ts";
import { renameOwner } from "./action-items.ts";

/** Whose a conversation is and where. Null: not there, or not this person's. */
export const homeOfConversation = (db: Db, userId: string, id: string, kind?: "recording" | "meeting") =>
  db.conversation.findFirst({
    where: { id, ...readableBy(userId), ...(kind === undefined ? {} : { kind }) },
    select: { ownerId: true, workspaceId: true },
  });

/** Gives a conversation another title. False: no such conversation for this person. */
export async function renameConversation(
  prisma: PrismaClient,
  { userId, id, title }: { userId: string; id: string; title: string },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const row = await tx.conversation.findFirst({
      where: { id, ...writableBy(userId) },
      select: { workspaceId: true },
    });
    if (row === null) return false;
    // Before its conversation, as everywhere.
    await tx.meeting.updateMany({ where: { id }, data: { revision: { increment: 1 } } });
    await tx.conversation.update({ where: { id }, data: { title } });
    const data = { conversationId: id, title };
    await announce(tx, announcementsFor(changeTopics({ ...row, conversationId: id }), "conversation.changed", data));
    return true;
  });
}

/** Says when a recording was made, or that nobody knows (null). False: no such recording for this person. */
export async function dateRecording(
  prisma: PrismaClient,
  { userId, id, recordedAt }: { userId: string; id: string; recordedAt: string | null },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.recording.updateMany({
      where: { id, conversation: writableBy(userId) },
      data: columnsOf(recordedAt),
    });
    if (count === 0) return false;
    const { workspaceId } = await tx.recording.findUniqueOrThrow({ where: { id }, select: { workspaceId: true } });
    const data = { conversationId: id, recordedAt: recordedAt && isoOf(momentFrom(recordedAt)) };
    await announce(
      tx,
      announcementsFor(changeTopics({ workspaceId, conversationId: id }), "conversation.changed", data),
    );
    return true;
  });
}

/** Names a speaker of one conversation, in its tasks too; an empty name gives "Speaker 1" back. */
export async function nameSpeaker(
  prisma: PrismaClient,
  { userId, id, label, displayName }: { userId: string; id: string; label: string; displayName: string },
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    // Of two names at once one is given after the other: tasks go from name to name.
    if (!(await lockWritable(tx, userId, id))) return false;
    const where = { conversationId_label: { conversationId: id, label } };
    const speaker = await tx.speaker.findUnique({ where });
    if (speaker === null) return false;
    const named = await tx.speaker.update({ where, data: { displayName: displayName === "" ? null : displayName } });
    await renameOwner(tx, { conversationId: id, from: nameOf([speaker], label), to: nameOf([named], label) });
    await noteSpeakers(tx, id);
    const data = { label, displayName };
    await announce(tx, [{ topic: conversationTopic(id), type: "speaker.renamed", data }]);
    return true;
  });
}
