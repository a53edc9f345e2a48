import { conversationTopic } from "#domain/live.ts";
import { nameOf, splitNames } from "#domain/transcript.ts";
import { lockWritable } from "../accounts/access.ts";
import { noteSpeakers } from "../channels/speakers.ts";
import type { Db, PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Outcome } from "../outcome.ts";
import { nameAll } from "./speaker-names.ts";

/** A merge that can be undone: what was merged, and what both were called before. */
export interface OpenMerge {
  id: string;
  label: string;
  labelName: string | null;
  into: string;
  intoName: string | null;
  createdAt: Date;
}

/** The merges of a conversation of which something is left to undo, the newest first. */
export const openMerges = (db: Db, conversationId: string): Promise<OpenMerge[]> => db.$queryRaw`
  SELECT id, label, label_name AS "labelName", into_label AS "into", into_name AS "intoName", created_at AS "createdAt"
  FROM speaker_merge AS merge
  WHERE conversation_id = ${conversationId}::uuid AND undone_at IS NULL AND (
    cardinality(segment_ids) = 0 OR EXISTS (
      SELECT FROM transcript_segment AS segment
      WHERE segment.id = ANY (segment_ids) AND coalesce(segment.label, segment.speaker) = into_label
    )
  )
  ORDER BY id DESC`;

interface Undo {
  userId: string;
  /** Of the conversation. */
  id: string;
  mergeId: string;
}

const nothingLeft = {
  ok: false,
  reason: "conflict",
  message:
    "Nothing of this merge is left to undo: its words were given to others since, or the transcript was made anew.",
} as const;

/**
 * Undoes a merge: what it moved and is still the target's goes back, words as they were put right since. What was given
 * to others since stays theirs, and so do names that were given since. Asked for twice, it is done once.
 */
export async function undoMerge(
  prisma: PrismaClient,
  { userId, id, mergeId }: Undo,
): Promise<Outcome<{ label: string }>> {
  return prisma.$transaction(async (tx) => {
    if (!(await lockWritable(tx, userId, id))) return { ok: false, reason: "not_found" };
    const merge = await tx.speakerMerge.findFirst({ where: { id: mergeId, conversationId: id } });
    if (merge === null) return nothingLeft;
    const { label, into, segmentIds } = merge;
    if (merge.undoneAt !== null) return { ok: true, label };

    const moved = await tx.$executeRaw`
      UPDATE transcript_segment SET label = nullif(${label}, speaker)
      WHERE id = ANY (${segmentIds}::uuid[]) AND coalesce(label, speaker) = ${into}`;
    if (moved === 0 && segmentIds.length > 0) return nothingLeft;
    const speakers = await tx.speaker.findMany({ where: { conversationId: id, label: { in: [label, into] } } });
    const names = splitNames(speakers, merge);
    await announce(tx, [{ topic: conversationTopic(id), type: "speakers.unmerged", data: { label, into } }]);
    await nameAll(tx, id, { speakers, names });
    const owner = nameOf(speakers, into);
    for (const [itemIds, to] of [
      [merge.itemIds, label],
      [merge.intoItemIds, into],
    ] as const) {
      await tx.actionItem.updateMany({ where: { id: { in: itemIds }, owner }, data: { owner: nameOf(names, to) } });
    }
    await noteSpeakers(tx, id);
    await tx.speakerMerge.update({ where: { id: mergeId }, data: { undoneAt: new Date() } });
    return { ok: true, label };
  });
}
