import { conversationTopic } from "#domain/live.ts";
import { agentSpeaker, mergedNames, nameOf } from "#domain/transcript.ts";
import { lockWritable } from "../accounts/access.ts";
import { noteSpeakers } from "../channels/speakers.ts";
import type { PrismaClient } from "../db.ts";
import { newId } from "../ids.ts";
import { announce } from "../live/feed.ts";
import { itemsOf } from "./action-items.ts";
import { nameAll } from "./speaker-names.ts";

interface Merge {
  userId: string;
  /** Of the conversation. */
  id: string;
  /** Whose words become those of `into`. */
  label: string;
  into: string;
}

/**
 * Makes two speakers one: the words and tasks of `label` are `into`'s, who takes its name where they have none. What was
 * moved is kept, to be undone by `mergeId`: null where there is nothing to undo, and that of the merge before where it is
 * asked for twice. Null: no such conversation for this person, or not two people of it.
 */
export async function mergeSpeakers(
  prisma: PrismaClient,
  { userId, id, label, into }: Merge,
): Promise<{ mergeId: string | null } | null> {
  return prisma.$transaction(async (tx) => {
    // An agent's words are known to be its own.
    if (label === agentSpeaker || into === agentSpeaker) return null;
    if (!(await lockWritable(tx, userId, id))) return null;
    const speakers = await tx.speaker.findMany({ where: { conversationId: id, label: { in: [label, into] } } });
    const [from, to] = [label, into].map((of) => speakers.find((speaker) => speaker.label === of));
    if (from === undefined || to === undefined || label === into) return null;

    const segments = await tx.$queryRaw<{ id: string }[]>`
      UPDATE transcript_segment SET label = ${into}
      WHERE conversation_id = ${id}::uuid AND coalesce(label, speaker) = ${label}
      RETURNING id`;
    const [itemIds, intoItemIds] = [await itemsOf(tx, from), await itemsOf(tx, to)];
    const names = mergedNames(speakers, { label, into });
    await announce(tx, [{ topic: conversationTopic(id), type: "speakers.merged", data: { label, into } }]);
    await nameAll(tx, id, { speakers, names });
    const where = { id: { in: [...itemIds, ...intoItemIds] } };
    await tx.actionItem.updateMany({ where, data: { owner: nameOf(names, into) } });
    await noteSpeakers(tx, id);

    const pair = { conversationId: id, label, into };
    if (segments.length === 0 && itemIds.length === 0 && from.displayName === null) {
      const before = await tx.speakerMerge.findFirst({ where: { ...pair, undoneAt: null }, orderBy: { id: "desc" } });
      return { mergeId: before?.id ?? null };
    }
    const moved = { segmentIds: segments.map((segment) => segment.id), itemIds, intoItemIds };
    const called = { labelName: from.displayName, intoName: to.displayName };
    const merge = await tx.speakerMerge.create({ data: { id: newId(), ...pair, ...called, ...moved } });
    return { mergeId: merge.id };
  });
}
