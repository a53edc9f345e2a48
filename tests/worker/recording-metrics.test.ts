import { expect, test } from "vitest";
import type { Run } from "#prisma/generated/client.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { worker } from "./scrape.ts";

const minute = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);

test("C-68 recordings count by status and outcome, with the time from arrival to result", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const add = async (state: Partial<Run>, durationMs: number | null = null) => {
    const { id } = await addRecording(db.prisma, person);
    const { warnings: _, ...run } = state;
    await db.prisma.recording.update({ where: { id }, data: { durationMs } });
    await db.prisma.run.updateMany({ where: { conversationId: id }, data: run });
  };
  const completed = { status: "completed", stage: "done", percent: 100 };
  const times = { createdAt: ago(10 * minute), startedAt: ago(9 * minute), finishedAt: ago(8 * minute) };
  await add({ ...completed, ...times }, 240_000);
  await add({ ...completed, ...times, attempt: 2 });
  await add({ ...completed, ...times, finishedAt: ago(180 * minute) });
  await add({
    status: "failed",
    errorCode: "no_speech",
    errorMessage: "No.",
    errorStage: "transcription",
    errorAttempt: 1,
    stage: "summary",
    finishedAt: ago(minute),
  });
  await add({ status: "processing", stage: "transcription" });
  await add({ createdAt: ago(2 * minute) });
  // One that was made before its sound waits for a person.
  const awaited = await addRecording(db.prisma, person);
  await db.prisma.recording.update({ where: { id: awaited.id }, data: { sizeBytes: 0, sha256: "", dedupeKey: null } });
  await db.prisma.run.updateMany({ where: { conversationId: awaited.id }, data: { createdAt: ago(90 * minute) } });
  using at = await worker(db);
  const { value } = await at.scrape();
  const finished = (outcome: string, window: string) =>
    value(`convene_recordings_finished{outcome="${outcome}",window="${window}"}`);
  expect([finished("completed", "1h"), finished("completed", "1d"), finished("failed", "1h")]).toEqual([2, 3, 1]);
  expect(value('convene_recordings{status="processing"}')).toBe(1);
  expect(value('convene_recordings{status="pending"}')).toBe(2);
  expect(value("convene_recording_oldest_waiting_seconds")).toBeGreaterThanOrEqual(120);
  expect(value("convene_recording_oldest_waiting_seconds")).toBeLessThan(3_600);
  expect(value("convene_recording_processing_seconds_sum")).toBeCloseTo(120, 0);
  expect(value("convene_recording_processing_seconds_count")).toBe(1);
  expect(value("convene_recording_processing_ratio_sum")).toBeCloseTo(0.25, 2);
});
