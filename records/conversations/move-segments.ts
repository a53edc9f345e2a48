import { conversationTopic } from "#domain/live.ts";
import { speakerLabel, speakerNumber } from "#domain/transcript.ts";
import { writableBy } from "../accounts/access.ts";
import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";

interface Move {
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
export async function moveSegments(
  prisma: PrismaClient,
  { userId, id, segmentIds, label }: Move,
): Promise<{ label: string } | null> {
  return prisma.$transaction(async (tx) => {
    const home = await tx.conversation.findFirst({ where: { id, ...writableBy(userId) }, select: { id: true } });
    if (home === null) return null;
    // As where segments are stored: two who add a speaker at once must not give both one label.
    await tx.$queryRaw`SELECT 1 FROM conversation WHERE id = ${id}::uuid FOR UPDATE`;
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
    await announce(tx, [{ topic, type: "segments.moved", data: { segmentIds: where.id.in, label: to } }]);
    return { label: to };
  });
}
