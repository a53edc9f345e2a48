import { newId } from "#records/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import { announce } from "#records/feed.ts";
import { storeSegments } from "#records/segments.ts";
import { nowMs } from "../measure.ts";
import type { Stack } from "./stack.ts";

/** An empty conversation of the bench's person, without a run. */
export async function newConversation({ database, person }: Stack): Promise<{ id: string; topic: string }> {
  const id = newId();
  await database.prisma.conversation.create({
    data: { id, kind: "recording", title: "Bench", ownerId: person.userId, workspaceId: person.workspaceId },
  });
  return { id, topic: conversationTopic(id) };
}

/**
 * Stores one segment the way the worker does and gives the moment at which its COMMIT was about to be sent, so that
 * a latency measured from it contains the commit itself.
 */
export async function storeOne({ database }: Stack, conversationId: string, index: number): Promise<number> {
  return database.prisma.$transaction(async (tx) => {
    const segment = { sourceKey: `bench:${index}`, speaker: "SPEAKER_01", text: `${index} the words of a segment` };
    await announce(tx, await storeSegments(tx, conversationId, [{ ...segment, start: index, end: index + 1 }]));
    return nowMs();
  });
}

/** The index that `storeOne` wrote into the text of a segment's event. */
export const indexOf = (data: unknown) => Number.parseInt((data as { text: string }).text, 10);
