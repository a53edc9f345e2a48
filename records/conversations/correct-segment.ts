import { conversationTopic } from "#domain/live.ts";
import { lockWritable } from "../accounts/access.ts";
import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";

interface Correction {
  userId: string;
  /** Of the conversation. */
  id: string;
  segmentId: string;
  text: string;
}

/** A corrected segment: `originalText` is what the source said; null where the text is just that. */
interface Corrected {
  text: string;
  originalText: string | null;
}

/**
 * Puts the words of a segment right. What was heard is kept beside them, and to say just that again takes the
 * correction back. Null: no such segment for this person.
 */
export async function correctSegment(
  prisma: PrismaClient,
  { userId, id, segmentId, text }: Correction,
): Promise<Corrected | null> {
  return prisma.$transaction(async (tx) => {
    if (!(await lockWritable(tx, userId, id))) return null;
    const segment = await tx.transcriptSegment.findFirst({ where: { id: segmentId, conversationId: id } });
    if (segment === null) return null;
    const said = segment.originalText ?? segment.text;
    const corrected = { text, originalText: text === said ? null : said };
    if (text === segment.text) return corrected;
    await tx.transcriptSegment.update({ where: { id: segmentId }, data: corrected });
    const data = { segmentId, ...corrected };
    await announce(tx, [{ topic: conversationTopic(id), type: "segment.corrected", data }]);
    return corrected;
  });
}
