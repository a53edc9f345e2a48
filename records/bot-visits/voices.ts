import { conversationTopic } from "#domain/live.ts";
import { namesOfSpeakers } from "#domain/speaker-names.ts";
import type { NamedVoice } from "#domain/speaker-names.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Announcement } from "../live/feed.ts";
import { segmentsOf } from "../conversations/segments.ts";

/** Keeps whose voice a bot's provider heard when. */
export async function keepVoices(prisma: PrismaClient, recorderId: string, voices: NamedVoice[]): Promise<void> {
  const data = { voices: voices.map(({ name, start, end }) => ({ name, start, end })) };
  await prisma.recorder.updateMany({ where: { id: recorderId }, data });
}

/** Gives the speakers of a bot's recording the names that its meeting knew them by. What a person called them stays. */
export async function nameSpeakers(tx: Tx, conversationId: string): Promise<void> {
  const recorder = await tx.recorder.findUnique({ where: { id: conversationId }, select: { voices: true } });
  const voices = (recorder?.voices ?? []) as unknown as NamedVoice[];
  if (voices.length === 0) return;
  const names = namesOfSpeakers(await segmentsOf(tx, conversationId), voices);
  const news: Announcement[] = [];
  for (const [label, displayName] of names) {
    const where = { conversationId, label, displayName: null };
    const { count } = await tx.speaker.updateMany({ where, data: { displayName } });
    if (count === 0) continue;
    const data = { label, displayName };
    news.push({ topic: conversationTopic(conversationId), type: "speaker.renamed", data });
  }
  await announce(tx, news);
}
