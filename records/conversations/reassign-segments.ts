import { conversationTopic } from "#domain/live.ts";
import { speakerLabel, speakerNumber } from "#domain/transcript.ts";
import { lockWritable } from "../accounts/access.ts";
import { noteSpeakers } from "../channels/speakers.ts";
import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";

interface Reassignment {
  userId: string;
  /** Of the conversation. */
  id: string;
  segmentIds: readonly string[];
  /** Whose words they are; null: of somebody whom the conversation does not have yet. */
  label: string | null;
}

/**
 * Gives words to another speaker: all of them, or none. What the source said of them stays in `speaker`. Null: no such
 * conversation, speaker or segments for this person.
 */
export async function reassignSegments(
  prisma: PrismaClient,
  { userId, id, segmentIds, label }: Reassignment,
): Promise<{ label: string } | null> {
  return prisma.$transaction(async (tx) => {
    // As where segments are stored: two who add a speaker at once must not give both one label.
    if (!(await lockWritable(tx, userId, id))) return null;
    const speakers = await tx.speaker.findMany({ where: { conversationId: id }, select: { label: true } });
    if (label !== null && !speakers.some((known) => known.label === label)) return null;
    const where = { conversationId: id, id: { in: [...new Set(segmentIds)] } };
    if ((await tx.transcriptSegment.count({ where })) !== where.id.in.length) return null;

    const to = label ?? speakerLabel(1 + Math.max(0, ...speakers.map((known) => speakerNumber(known.label))));
    const topic = conversationTopic(id);
    if (label === null) {
      await tx.speaker.create({ data: { conversationId: id, label: to } });
      await announce(tx, [{ topic, type: "speaker.renamed", data: { label: to, displayName: "" } }]);
    }
    await tx.transcriptSegment.updateMany({ where, data: { label: to } });
    await noteSpeakers(tx, id);
    await announce(tx, [{ topic, type: "segments.reassigned", data: { segmentIds: where.id.in, label: to } }]);
    return { label: to };
  });
}
