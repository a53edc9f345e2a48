import { mergeSpeakers } from "#records/conversations/merge-speakers.ts";
import type { PrismaClient } from "#records/db.ts";

/** Somebody more whom a conversation has, named and without words, made one with SPEAKER_01. Gives the merge's id. */
export async function addMerge(prisma: PrismaClient, { userId, id }: { userId: string; id: string }): Promise<string> {
  await prisma.speaker.create({ data: { conversationId: id, label: "SPEAKER_09", displayName: "Bo" } });
  const merged = await mergeSpeakers(prisma, { userId, id, label: "SPEAKER_09", into: "SPEAKER_01" });
  if (!merged?.mergeId) throw new Error("not merged");
  return merged.mergeId;
}
