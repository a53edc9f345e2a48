import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MockActivityEnvironment } from "@temporalio/testing";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import type { SpeechEngine } from "#activities/clients/speech/engine.ts";
import { createRunActivities } from "#activities/runs.ts";
import { createSpeechActivities } from "#activities/speech.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { orderTranscription } from "#records/runs/transcribe-again.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { stretchAt, stubEngine } from "./speech/stub-engine.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startableRun, startOptions } from "#worker/run-input.ts";

const log = pino({ level: "silent" });

function engine(answers: string[], heard: (string | null)[], onPiece: () => Promise<void>): SpeechEngine {
  return stubEngine(async ({ language }) => {
    heard.push(language);
    return {
      async recognise({ start, end }) {
        await onPiece();
        const text = answers[Math.round(start / 10)] ?? "";
        return text === "" ? [] : [{ text, start, end }];
      },
      close: async () => undefined,
    };
  });
}

test("case 23: a transcript made anew replaces the one before when it is whole, and one without words does not", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const person = await addPerson(prisma);
  const stranger = await addPerson(prisma);
  const { id, runId } = await addRecording(prisma, person);
  const folder = await mkdtemp(join(tmpdir(), "convene-again-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const media = createFolderStore(folder);
  const speechKey = mediaKeys(id).speech;
  const heard: (string | null)[] = [];
  const seen: string[][] = [];
  const words = async () => (await segmentsOf(prisma, id)).map(({ text }) => text);
  const { claimRun, endRun } = createRunActivities({ prisma, media, log, isExecutionOpen: async () => true });

  async function attempt(number: number, answers: string[]) {
    // The engine of this test reads no file, but one has to be there.
    await media.putText(speechKey, "speech");
    await prisma.recording.update({ where: { id }, data: { speechKey } });
    await claimRun({ runId, attempt: number, temporalRunId: String(number) });
    const onPiece = async () => void seen.push(await words());
    const speech = {
      engine: engine(answers, heard, onPiece),
      findStretches: async () => ({ stretches: answers.map((_, index) => stretchAt(index)), next: null }),
      diarize: () => Promise.reject(new Error()),
      centsPerMinute: 0,
    };
    const mediaLimits = { maxDurationSeconds: 60, deadlineMs: 60_000, maxRssMb: 500 };
    const deps = { prisma, media, log, speech, scratchDir: folder, mediaLimits, spendLimitCents: null };
    const input = { runId, conversationId: id, attempt: number };
    const error = await new MockActivityEnvironment()
      .run(createSpeechActivities(deps).transcribe, input)
      .catch((caught: unknown) => caught);
    await endRun({ runId, attempt: number, ending: { type: "completed" } });
    return error;
  }
  const again = (userId: string, wish: { language?: string | null; speakers?: number | null }) =>
    orderTranscription(prisma, { userId, conversationId: id, ...wish });

  expect(await again(person.userId, {})).toMatchObject({ ok: false, reason: "conflict" });
  await attempt(1, ["In the first chapter.", "The Bible."]);
  await prisma.analysis.create({ data: { id, conversationId: id, version: 1 } });
  expect(await again(stranger.userId, { language: "de" })).toEqual({ ok: false, reason: "not_found" });
  expect(await again(person.userId, { language: "de", speakers: 2 })).toMatchObject({
    ok: true,
    state: { status: "pending", stage: "transcode", attempt: 2 },
  });
  expect(await again(person.userId, {})).toMatchObject({ ok: false, reason: "conflict" });
  expect(await words()).toEqual(["In the first chapter.", "The Bible."]);
  const run = await startableRun(prisma, { id: runId });
  const queues = { light: "l", heavy: "h", calls: "c", bots: "b", downloads: "d", calendars: "k" };
  expect(run && startOptions({ indexed: false, queues }, run).args[0]).toMatchObject({
    resumeFrom: "transcode",
    version: 2,
    attempt: 2,
  });

  seen.length = 0;
  await attempt(2, ["Im ersten Kapitel.", "Die Bibel.", "Ende."]);
  expect(seen).toEqual(Array.from({ length: 3 }, () => ["In the first chapter.", "The Bible."]));
  expect(heard).toEqual(["en", "de"]);
  expect(await words()).toEqual(["Im ersten Kapitel.", "Die Bibel.", "Ende."]);
  const { speakerCount } = await prisma.recording.findUniqueOrThrow({ where: { id } });
  expect(speakerCount).toBe(2);

  await again(person.userId, { language: null });
  expect(await attempt(3, ["", ""])).toMatchObject({ type: "no_speech" });
  expect(heard.at(-1)).toBeNull();
  expect(await words()).toEqual(["Im ersten Kapitel.", "Die Bibel.", "Ende."]);
});
