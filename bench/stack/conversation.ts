import { recordingWorkflowId } from "#domain/ids.ts";
import { newId } from "#records/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import { announce } from "#records/live/feed.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import { nowMs } from "../measure.ts";
import type { Stack } from "./stack.ts";

/** A recording of the bench's person whose run is over, without a file and without segments yet. */
export async function newConversation({ database, person }: Stack): Promise<{ id: string; topic: string }> {
  const id = newId();
  const { workspaceId } = person;
  const recording = {
    workspaceId,
    fileName: "bench.wav",
    mediaKey: `bench/${id}`,
    sha256: "0".repeat(64),
    sizeBytes: 1,
  };
  const done = { status: "completed", stage: "done", percent: 100, finishedAt: new Date() };
  const named = { title: "Bench", ownerId: person.userId };
  const run = { id: newId(), kind: "recording", ...named, workspaceId, workflowId: recordingWorkflowId(id), ...done };
  await database.prisma.conversation.create({
    data: {
      id,
      kind: "recording",
      ...named,
      workspaceId,
      recording: { create: recording },
      runs: { create: run },
    },
  });
  return { id, topic: conversationTopic(id) };
}

// On a busy machine a transaction may wait for its connection; how long is not what is measured.
const patience = { maxWait: 60_000, timeout: 60_000 };

/**
 * Stores one segment the way the worker does and gives the moment at which its COMMIT was about to be sent, so that
 * a latency measured from it contains the commit itself.
 */
export async function storeOne({ database }: Stack, conversationId: string, index: number): Promise<number> {
  return database.prisma.$transaction(async (tx) => {
    const segment = { sourceKey: `bench:${index}`, speaker: "SPEAKER_01", text: `${index} the words of a segment` };
    await announce(tx, await storeSegments(tx, conversationId, [{ ...segment, start: index, end: index + 1 }]));
    return nowMs();
  }, patience);
}

/** The index that `storeOne` wrote into the text of a segment's event. */
export const indexOf = (data: unknown) => Number.parseInt((data as { text: string }).text, 10);
