import { conversationTopic } from "#domain/live.ts";
import { lockWritable } from "../accounts/access.ts";
import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";

interface Merge {
  userId: string;
  /** Of the conversation. */
  id: string;
  /** Whose words become those of `into`. */
  label: string;
  into: string;
}

/**
 * Makes two speakers one: the words of `label` are `into`'s, who takes its name where they have none. False: no such
 * conversation for this person, or not two speakers of it.
 */
export async function mergeSpeakers(prisma: PrismaClient, { userId, id, label, into }: Merge): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    if (!(await lockWritable(tx, userId, id))) return false;
    const speakers = await tx.speaker.findMany({ where: { conversationId: id, label: { in: [label, into] } } });
    if (speakers.length !== 2) return false;

    await tx.$executeRaw`
      UPDATE transcript_segment SET label = ${into}
      WHERE conversation_id = ${id}::uuid AND coalesce(label, speaker) = ${label}`;
    const nameOf = (of: string) => speakers.find((speaker) => speaker.label === of)?.displayName ?? null;
    const names = [
      { label, displayName: null },
      { label: into, displayName: nameOf(into) ?? nameOf(label) },
    ].filter((next) => next.displayName !== nameOf(next.label));
    const topic = conversationTopic(id);
    const news: Announcement[] = [{ topic, type: "speakers.merged", data: { label, into } }];
    for (const { label: renamed, displayName } of names) {
      await tx.speaker.update({
        where: { conversationId_label: { conversationId: id, label: renamed } },
        data: { displayName },
      });
      news.push({ topic, type: "speaker.renamed", data: { label: renamed, displayName: displayName ?? "" } });
    }
    await announce(tx, news);
    return true;
  });
}
