import type { RunEvent } from "#domain/run.ts";
import type { Stage } from "#domain/stages.ts";
import { storeAnalysis } from "#records/conversations/analyses.ts";
import { announce } from "#records/live/feed.ts";
import { newId } from "#records/ids.ts";
import { createRecording } from "#records/conversations/recordings.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { addSegment } from "./live/live-server.ts";
import type { Person } from "./live/live-server.ts";

/** A recording as an upload leaves it. */
export async function recording(
  { prisma }: Pick<TestDatabase, "prisma">,
  { userId, workspaceId }: Pick<Person, "userId" | "workspaceId">,
): Promise<string> {
  const id = newId();
  const file = { title: "A call", language: "en", fileName: "a.wav", mediaKey: id, sizeBytes: 1, speakerCount: null };
  const sha256 = id.replaceAll("-", "").padEnd(64, "0");
  await createRecording(prisma, { id, ownerId: userId, workspaceId, ...file, sha256, allowDuplicate: false });
  return id;
}

/** What the worker does to a run, one step at a time. */
export function worker({ prisma }: Pick<TestDatabase, "prisma">, conversationId: string) {
  const move = async (event: RunEvent) => {
    const { id } = await prisma.run.findFirstOrThrow({ where: { conversationId } });
    await prisma.$transaction((tx) => applyRunEvent(tx, id, event));
  };
  const stages = async (...names: Stage[]) => {
    for (const stage of names) await move({ type: "stage", stage });
  };
  const summarise = () =>
    prisma.$transaction(async (tx) => {
      const items = ["Review PRs", "Update docs"].map((text) => ({ text, owner: null, due: null, segmentIds: [] }));
      const result = { text: "The team discussed the timeline.", bullets: [], actionItems: items, notes: [] };
      const made = { result, model: "extractive", promptVersion: "1", costCents: 0 };
      await announce(tx, await storeAnalysis(tx, { conversationId, version: 1 }, made));
    });
  return { move, stages, summarise };
}

/** A whole run with two segments, two speakers and two action items. */
export async function runWhole(db: Pick<TestDatabase, "prisma">, id: string) {
  const { move, stages, summarise } = worker(db, id);
  await move({ type: "started" });
  await stages("upload", "transcode", "diarization", "transcription", "alignment");
  await addSegment(db, id, { text: "Hello everyone", speaker: "SPEAKER_01", start: 1.2 });
  await addSegment(db, id, { text: "Hi there", speaker: "SPEAKER_02", start: 2.5, end: 3 });
  await stages("summary");
  await summarise();
  await move({ type: "completed" });
}
