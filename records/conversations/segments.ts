import { conversationTopic } from "#domain/live.ts";
import type { SegmentEventData } from "#domain/live.ts";
import type { Person } from "#domain/realtime-events.ts";
import { cleanProse } from "#domain/text.ts";
import type { Segment } from "#domain/transcript.ts";
import type { Db, Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import { newId } from "../ids.ts";
import { attributeSpeakers } from "../meetings/participants.ts";

/** A segment to store. `sourceKey` names it in its source: the same key again is a no-op. Times are seconds. */
export interface NewSegment {
  sourceKey: string;
  speaker: string;
  /** Whose words they are in a call, where its provider tells. */
  person?: Person | undefined;
  text: string;
  start: number;
  end: number;
  confidence?: number | undefined;
  /** When it was begun to be said, where a clock of the source tells. */
  spokenAt?: Date | undefined;
}

/**
 * Stores segments with the conversation's next sequence numbers, skipping those already stored, and gives back what
 * to announce. Recognisers and models may answer anything: words are cleaned here, and those of which nothing is left
 * are no segment. The conversation's row stays locked until commit, so numbers have no gaps and follow commit order.
 */
export async function storeSegments(tx: Tx, conversationId: string, heard: NewSegment[]): Promise<Announcement[]> {
  const segments = heard
    .map((segment) => ({ ...segment, text: cleanProse(segment.text) }))
    .filter(({ text }) => text !== "");
  const [conversation] = await tx.$queryRaw<{ next_sequence: number }[]>`
    SELECT next_sequence FROM conversation WHERE id = ${conversationId}::uuid FOR UPDATE`;
  if (conversation === undefined) return [];
  const known = await tx.transcriptSegment.findMany({
    where: { conversationId, sourceKey: { in: segments.map(({ sourceKey }) => sourceKey) } },
    select: { sourceKey: true },
  });
  const knownKeys = new Set(known.map(({ sourceKey }) => sourceKey));
  const isNew = ({ sourceKey }: NewSegment) => !knownKeys.has(sourceKey) && knownKeys.add(sourceKey);
  const added = segments.filter(isNew);
  const { labels, news } = await attributeSpeakers(tx, conversationId, added);
  const rows = added.map((segment, offset) => ({
    id: newId(),
    conversationId,
    sequenceNumber: conversation.next_sequence + offset,
    sourceKey: segment.sourceKey,
    speaker: segment.speaker,
    label: labels[offset] ?? null,
    text: segment.text,
    startSeconds: segment.start,
    endSeconds: segment.end,
    confidence: segment.confidence ?? null,
    spokenAt: segment.spokenAt ?? null,
  }));
  if (rows.length === 0) return [];
  await tx.transcriptSegment.createMany({ data: rows });
  await tx.conversation.update({
    where: { id: conversationId },
    data: { nextSequence: conversation.next_sequence + rows.length },
  });
  await tx.speaker.createMany({
    data: [...new Set(rows.map(({ speaker, label }) => label ?? speaker))].map((label) => ({ conversationId, label })),
    skipDuplicates: true,
  });
  const said: Announcement[] = rows.map((row) => ({
    topic: conversationTopic(conversationId),
    type: "segment.added",
    data: segmentOf(row) satisfies SegmentEventData,
  }));
  return [...news, ...said];
}

/** A stored row as pages, APIs and the feed show it. */
const segmentOf = (row: {
  id: string;
  sequenceNumber: number;
  speaker: string;
  label: string | null;
  text: string;
  originalText?: string | null;
  startSeconds: number;
  endSeconds: number;
}): Segment => ({
  id: row.id,
  sequenceNumber: row.sequenceNumber,
  speaker: row.speaker,
  ...(row.label === null ? {} : { label: row.label }),
  text: row.text,
  ...(row.originalText == null ? {} : { originalText: row.originalText }),
  start: row.startSeconds,
  end: row.endSeconds,
});

/** The transcript in the order of time, then of storing. */
export async function segmentsOf(db: Db, conversationId: string): Promise<Segment[]> {
  const rows = await db.transcriptSegment.findMany({
    where: { conversationId },
    orderBy: [{ startSeconds: "asc" }, { sequenceNumber: "asc" }],
  });
  return rows.map(segmentOf);
}
