import { conversationTopic } from "#domain/live.ts";
import { agentSpeaker, mergedNames, nameOf } from "#domain/transcript.ts";
import { lockWritable } from "../accounts/access.ts";
import { noteSpeakers } from "../channels/speakers.ts";
import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";
import { renameOwner } from "./action-items.ts";

interface Merge {
  userId: string;
  /** Of the conversation. */
  id: string;
  /** Whose words become those of `into`. */
  label: string;
  into: string;
}

/**
 * Makes two speakers one: the words and tasks of `label` are `into`'s, who takes its name where they have none. False: no
 * such conversation for this person, or not two people of it.
 */
export async function mergeSpeakers(prisma: PrismaClient, { userId, id, label, into }: Merge): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    // An agent's words are known to be its own.
    if (label === agentSpeaker || into === agentSpeaker) return false;
    if (!(await lockWritable(tx, userId, id))) return false;
    const speakers = await tx.speaker.findMany({ where: { conversationId: id, label: { in: [label, into] } } });
    if (speakers.length !== 2) return false;

    await tx.$executeRaw`
      UPDATE transcript_segment SET label = ${into}
      WHERE conversation_id = ${id}::uuid AND coalesce(label, speaker) = ${label}`;
    const names = mergedNames(speakers, { label, into });
    const topic = conversationTopic(id);
    const news: Announcement[] = [{ topic, type: "speakers.merged", data: { label, into } }];
    for (const named of names) {
      if (speakers.some((known) => known.label === named.label && known.displayName === named.displayName)) continue;
      const where = { conversationId_label: { conversationId: id, label: named.label } };
      await tx.speaker.update({ where, data: { displayName: named.displayName } });
      const data = { label: named.label, displayName: named.displayName ?? "" };
      news.push({ topic, type: "speaker.renamed", data });
    }
    for (const before of [label, into]) {
      await renameOwner(tx, { conversationId: id, from: nameOf(speakers, before), to: nameOf(names, into) });
    }
    await noteSpeakers(tx, id);
    await announce(tx, news);
    return true;
  });
}
