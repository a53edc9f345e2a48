import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MockActivityEnvironment } from "@temporalio/testing";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createWavWriter } from "#activities/clients/media/wav.ts";
import { createDiarizer } from "#activities/clients/speech/diarize.ts";
import type { Diarize } from "#activities/clients/speech/diarize.ts";
import type { SpeechSession } from "#activities/clients/speech/engine.ts";
import { createRunActivities } from "#activities/runs.ts";
import { createSpeechDetectionActivities } from "#activities/speech-detection.ts";
import type { FindStretches } from "#activities/speech-detection.ts";
import { createSpeechActivities } from "#activities/speech.ts";
import { timing } from "#domain/timing.ts";
import { createFolderStore } from "#records/media/folder-store.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { detectedSpeech, storeDetectedSpeech } from "#records/runs/detected-speech.ts";
import { nextSlice, storeSlice } from "#records/runs/sound-slices.ts";
import { runUnsliced } from "#tests/activities/speech/run-unsliced.ts";
import { telephoneSample } from "#tests/fixtures/fetch.ts";
import { readPcm } from "#tests/fixtures/make-media.ts";
import { addPerson, addRecording } from "#tests/records/people.ts";
import { stretchAt, stubEngine } from "./speech/stub-engine.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

const log = pino({ level: "silent" });
const words = ["One.", "Two.", "Three.", "Four."];

interface InParts {
  stumblesAt?: string;
  piecesAtOnce?: number;
  /** Awaited before the words of a piece are told. */
  before?: (text: string, asked: readonly (number | string)[]) => Promise<void>;
}

/** Finds two stretches of speech in each of two parts, and fails once at what `stumblesAt` says. */
function engineInParts({ stumblesAt, piecesAtOnce = 1, before }: InParts = {}) {
  const asked: (number | string)[] = [];
  let stumbles = stumblesAt;
  const findStretches: FindStretches = async ({ from = 0 }) => {
    asked.push(from);
    return from === 0
      ? { stretches: [stretchAt(0), stretchAt(1)], next: 15 }
      : { stretches: [stretchAt(2), stretchAt(3)], next: null };
  };
  const open = async (): Promise<SpeechSession> => ({
    async recognise({ start, end }) {
      const text = words[Math.round(start / 10)] ?? "";
      asked.push(text);
      await before?.(text, asked);
      if (text === stumbles) {
        stumbles = undefined;
        throw new Error("stumbled");
      }
      return [{ text, start, end }];
    },
    close: async () => undefined,
  });
  return { engine: stubEngine(open, { piecesAtOnce }), findStretches, asked };
}

type Ears = Omit<ReturnType<typeof engineInParts>, "asked">;

async function recordingIn(
  db: TestDatabase,
  { engine, findStretches }: Ears,
  given: { speech?: string; diarize?: Diarize } = {},
) {
  const { prisma } = db;
  const { id, runId } = await addRecording(prisma, await addPerson(prisma));
  const folder = await mkdtemp(join(tmpdir(), "convene-turns-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const media = createFolderStore(folder);
  const speechKey = mediaKeys(id).speech;
  // The engine of these tests reads no file, but one has to be there.
  await media.putText(speechKey, "speech");
  if (given.speech !== undefined) await copyFile(given.speech, join(folder, speechKey));
  await prisma.recording.update({ where: { id }, data: { speechKey } });
  const runs = createRunActivities({ prisma, media, log, isExecutionOpen: async () => true });
  await runs.claimRun({ runId, attempt: 1, temporalRunId: "1" });
  const diarize = given.diarize ?? (() => Promise.reject(new Error()));
  const speech = { engine, diarize, findStretches, centsPerMinute: 0 };
  const mediaLimits = { maxDurationSeconds: 60, deadlineMs: 60_000, maxRssMb: 500 };
  const deps = { prisma, media, log, speech, scratchDir: folder, mediaLimits, spendLimitCents: null };
  const activities = { ...createSpeechActivities(deps), ...createSpeechDetectionActivities(deps) };
  const input = { runId, conversationId: id, attempt: 1 };
  const transcribeIn = (turn?: number) =>
    new MockActivityEnvironment().run(activities.transcribe, { ...input, ...(turn === undefined ? {} : { turn }) });
  const diarizeIn = (turn: number) => new MockActivityEnvironment().run(activities.diarize, { ...input, turn });
  const detectIn = (turn: number) => new MockActivityEnvironment().run(activities.detectSpeech, { ...input, turn });
  return { id, runId, runs, transcribeIn, diarizeIn, detectIn };
}

/** Every turn is over as soon as it has done anything. */
function withShortestTurns() {
  const { turnMs } = timing;
  timing.turnMs = 0;
  onTestFinished(() => void (timing.turnMs = turnMs));
}

test("a turn does one piece of the work at least and stores it; the next one goes on, and none is done twice", async () => {
  withShortestTurns();
  await using db = await testDatabase();
  const ears = engineInParts();
  const { asked } = ears;
  const { id, runId, transcribeIn } = await recordingIn(db, ears);
  const ends: unknown[] = [];
  const seen: number[] = [];
  const waits: boolean[] = [];
  for (let turn = 0; ends.at(-1) !== "done"; turn++) {
    ends.push(await transcribeIn(turn));
    waits.push((await db.prisma.run.findUniqueOrThrow({ where: { id: runId } })).waitingSince !== null);
    seen.push((await segmentsOf(db.prisma, id)).length);
  }
  expect(ends).toEqual(["more", "more", "more", "more", "done"]);
  expect(waits).toEqual([true, true, true, true, false]);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  expect(asked).toEqual([0, 15, ...words]);
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(words);
  expect(await db.prisma.soundSlice.count()).toBe(0);
  const stage = await db.prisma.runStage.findFirstOrThrow({ where: { runId, stage: "transcription" } });
  expect(stage).toMatchObject({ status: "completed", tries: 1 });
});

test("a turn that fails loses the piece it was at, and nothing of the turns before", async () => {
  withShortestTurns();
  await using db = await testDatabase();
  const ears = engineInParts({ stumblesAt: "Three." });
  const { asked } = ears;
  const { id, transcribeIn } = await recordingIn(db, ears);
  for (const turn of [0, 1, 2]) expect(await transcribeIn(turn)).toBe("more");
  await expect(transcribeIn(3)).rejects.toMatchObject({ type: "internal" });
  expect(await transcribeIn(3)).toBe("more");
  expect(await transcribeIn(4)).toBe("done");
  expect(asked).toEqual([0, 15, "One.", "Two.", "Three.", "Three.", "Four."]);
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(words);
  const pieces = await db.prisma.transcriptPiece.findMany({ orderBy: { index: "asc" } });
  expect(pieces.map(({ recognitions }) => recognitions)).toEqual([1, 1, 2, 1]);
});

/** The first piece waits until the second has been asked for: it can only be done where both are under way. */
const firstAfterSecond = async (text: string, asked: readonly (number | string)[]) => {
  if (text === "One.") await expect.poll(() => asked).toContain("Two.");
};

test("pieces under way at the same time are stored in order, and a turn ends with them", async () => {
  withShortestTurns();
  await using db = await testDatabase();
  const ears = engineInParts({ piecesAtOnce: 2, before: firstAfterSecond });
  const { id, transcribeIn } = await recordingIn(db, ears);
  const seen: string[][] = [];
  for (let turn = 0; seen.length === 0 || (seen.at(-1) as string[]).length < words.length; turn++) {
    expect(await transcribeIn(turn)).toBe(turn < 2 ? "more" : "done");
    seen.push((await segmentsOf(db.prisma, id)).map(({ text }) => text));
  }
  expect(seen).toEqual([[], words.slice(0, 2), words]);
});

test("a piece that fails while an earlier one is under way is the one that is done again", async () => {
  await using db = await testDatabase();
  const ears = engineInParts({ piecesAtOnce: 2, stumblesAt: "Two.", before: firstAfterSecond });
  const { id, transcribeIn } = await recordingIn(db, ears);
  await expect(transcribeIn(0)).rejects.toMatchObject({ type: "internal" });
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(["One."]);
  expect(await transcribeIn(1)).toBe("done");
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(words);
  const pieces = await db.prisma.transcriptPiece.findMany({ orderBy: { index: "asc" } });
  expect(pieces.map(({ recognitions }) => recognitions)).toEqual([1, 2, 2, 1]);
});

test("a workflow from before there were turns has all the work done at once", async () => {
  withShortestTurns();
  await using db = await testDatabase();
  const { transcribeIn } = await recordingIn(db, engineInParts());
  expect(await transcribeIn()).toBe("done");
});

test("where somebody speaks is found once, over turns, and transcription goes by what is stored", async () => {
  withShortestTurns();
  await using db = await testDatabase();
  const ears = engineInParts();
  const { id, runId, detectIn, transcribeIn } = await recordingIn(db, ears);
  expect(await detectIn(0)).toBe("more");
  expect(await detectedSpeech(db.prisma, id)).toBeNull();
  expect(await detectIn(1)).toBe("done");
  const found = [0, 1, 2, 3].map(stretchAt);
  expect(await detectedSpeech(db.prisma, id)).toEqual(found);
  // What is stored stands: pieces may be planned by it.
  await storeDetectedSpeech(db.prisma, id, [stretchAt(9)]);
  expect(await detectIn(2)).toBe("done");
  expect(await detectedSpeech(db.prisma, id)).toEqual(found);
  for (let turn = 0; (await transcribeIn(turn)) === "more"; turn++);
  expect(ears.asked).toEqual([0, 15, ...words]);
  expect(await db.prisma.soundSlice.count()).toBe(0);
  const stage = await db.prisma.runStage.findFirstOrThrow({ where: { runId, stage: "speech_detection" } });
  expect(stage).toMatchObject({ status: "completed", message: expect.stringMatching(/^Somebody speaks for 8 of /) });
});

test("sound in which nobody speaks ends the job where speech is looked for, before anything is recognised", async () => {
  await using db = await testDatabase();
  const ears = { ...engineInParts(), findStretches: async () => ({ stretches: [], next: null }) };
  const { id, detectIn } = await recordingIn(db, ears);
  await expect(detectIn(0)).rejects.toMatchObject({ type: "no_speech" });
  expect(await detectedSpeech(db.prisma, id)).toBeNull();
});

/** A telephone call and then somebody who reads: a minute and a few seconds, so that there are several parts. */
async function longerSpeech() {
  const folder = await mkdtemp(join(tmpdir(), "convene-turns-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "long.wav");
  const writer = await createWavWriter(path, 1);
  for (const each of [(await telephoneSample()).wav, "tests/fixtures/two-cities.wav"]) {
    await writer.write(await readPcm(each));
  }
  await writer.close();
  return path;
}

test("speakers are told apart over turns as at once, by whichever process goes on, and no voice is kept", async () => {
  withShortestTurns();
  await using db = await testDatabase();
  const speech = await longerSpeech();
  const fresh: Diarize = (options) => createDiarizer({ threads: 1 })(options);
  const { id, runId, diarizeIn } = await recordingIn(db, engineInParts(), { speech, diarize: fresh });
  expect(await diarizeIn(0)).toBe("more");
  expect(await db.prisma.soundSlice.count({ where: { conversationId: id, kind: "voices" } })).toBe(1);
  expect(await db.prisma.speakerTurn.count()).toBe(0);
  for (let turn = 1; (await diarizeIn(turn)) === "more"; turn++);
  expect(await db.prisma.soundSlice.count()).toBe(0);
  const stored = await db.prisma.speakerTurn.findMany({ orderBy: { index: "asc" } });
  const whole = await fresh({ speech, runSlices: runUnsliced });
  expect(whole?.speakers).toBe(3);
  expect(stored.map(({ speaker, startSeconds, endSeconds }) => [speaker, startSeconds, endSeconds])).toEqual(
    whole?.turns.map(({ speaker, start, end }) => [speaker, start, end]),
  );
  const stage = await db.prisma.runStage.findFirstOrThrow({ where: { runId, stage: "diarization" } });
  expect(stage).toMatchObject({ status: "completed", tries: 1, message: "3 speakers" });
});

test("what was heard so far goes with the run's end, however it ends", async () => {
  await using db = await testDatabase();
  const { id, runId, runs } = await recordingIn(db, engineInParts());
  const sound = { conversationId: id, kind: "voices" } as const;
  await storeSlice(db.prisma, { ...sound, index: 0, next: 60, found: [1, 2] });
  await storeSlice(db.prisma, { ...sound, index: 0, next: 61, found: [3] });
  expect(await nextSlice(db.prisma, sound)).toEqual({ index: 1, from: 60 });
  await runs.endRun({ runId, attempt: 1, ending: { type: "cancelled" } });
  expect(await db.prisma.soundSlice.count()).toBe(0);
});
