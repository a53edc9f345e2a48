import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import { createWavWriter } from "#activities/clients/media/wav.ts";
import { startChild } from "#activities/clients/child.ts";
import { createDiarizer } from "#activities/clients/speech/diarize.ts";
import type { Diarize } from "#activities/clients/speech/diarize.ts";
import { createEmbeddedEngine } from "#activities/clients/speech/embedded.ts";
import { findAllStretches } from "#activities/clients/speech/stretches.ts";
import type { FoundStretches } from "#activities/clients/speech/stretches.ts";
import { speechWeights } from "#activities/clients/speech/weights.ts";
import { alignUtterances } from "#domain/alignment.ts";
import { planPieces } from "#domain/pieces.ts";
import type { Stretch } from "#domain/pieces.ts";
import { runUnsliced } from "#tests/activities/speech/run-unsliced.ts";
import { telephoneSample, testCache } from "#tests/fixtures/fetch.ts";
import { interleave, readPcm } from "#tests/fixtures/make-media.ts";
import { diarizationError, parseRttm, wordErrorRate } from "#tests/fixtures/score.ts";

const readEnglish = "tests/fixtures/two-cities.wav";
// Other tests want the processors too.
const threads = 1;
const weights = () => speechWeights({ cacheDir: testCache, log: () => undefined });
const engine = createEmbeddedEngine({ weights });
const diarizer = createDiarizer({ threads });
const diarize = async (options: Omit<Parameters<Diarize>[0], "runSlices">) => {
  const found = await diarizer({ ...options, runSlices: runUnsliced });
  if (found === null) throw new Error("It was not done at once");
  return found;
};
let dir = "";

// Speech on a busy machine takes its time; what counts here is what comes out.
vi.setConfig({ testTimeout: 240_000 });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "convene-speech-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function wav(name: string, samples: Int16Array, channels = 1) {
  const path = join(dir, name);
  const writer = await createWavWriter(path, channels);
  await writer.write(samples);
  await writer.close();
  return path;
}

test("C-19 clear read English is understood with a word error rate under 10 %", async () => {
  const session = await engine.open({ speech: readEnglish, language: "en-GB" });
  const pieces = planPieces(await findAllStretches({ speech: readEnglish }), [], {
    maxSeconds: engine.maxPieceSeconds,
  });
  const words: string[] = [];
  for (const piece of pieces) words.push(...(await session.recognise(piece)).map((utterance) => utterance.text));
  await session.close();
  const rate = wordErrorRate(await readFile("tests/fixtures/two-cities.txt", "utf8"), words.join(" "));
  expect(pieces.length).toBeGreaterThan(3);
  expect(rate, `heard "${words.join(" ")}"`).toBeLessThan(0.1);
});

/** The sample's speakers, found once for the tests that look at them, and the progress that was told. */
const findSpeakers = once(async () => {
  const { wav, rttm } = await telephoneSample();
  const fractions: number[] = [];
  const found = await diarize({ speech: wav, onProgress: (fraction) => fractions.push(fraction) });
  return { wav, rttm, found, fractions };
});

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => (made ??= make());
}

test("C-18 a telephone call of two is told apart with an error under 10 %", async () => {
  const { wav, rttm, found, fractions } = await findSpeakers();
  const error = diarizationError(parseRttm(await readFile(rttm, "utf8")), found.turns);
  expect(error.rate).toBeLessThan(0.1);
  expect(found).toMatchObject({ speakers: 2, method: "embedded" });
  expect(found.note).toMatch(/can carry the wrong label/);
  expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  expect((await diarize({ speech: wav, speakers: 2 })).speakers).toBe(2);
  expect((await diarize({ speech: wav, speakers: 1 })).speakers).toBe(1);
});

test("C-32 each piece of the call has one speaker, and its words get that speaker's label", async () => {
  const { wav, found } = await findSpeakers();
  const { turns } = found;
  const session = await engine.open({ speech: wav, language: null });
  const pieces = planPieces(await findAllStretches({ speech: wav }), turns, { maxSeconds: engine.maxPieceSeconds });
  const segments = [];
  for (const piece of pieces) segments.push(...alignUtterances(await session.recognise(piece), turns, piece));
  await session.close();
  const texas = segments.find(({ text }) => /yankee/i.test(text));
  const jersey = segments.find(({ text }) => /don't hear that/i.test(text));
  expect(texas?.speaker).toBe("SPEAKER_02");
  expect(jersey?.speaker).toBe("SPEAKER_01");
});

test("a recording that is listened to in parts has the speech of the whole, and nothing of it twice", async () => {
  const module = new URL("../../../activities/clients/speech/speech-child.ts", import.meta.url);
  const child = startChild({ module, maxRssMb: 500 });
  const listen = (from: number, seconds: number) =>
    child.call<FoundStretches>("stretches", { speech: readEnglish, from, seconds }, { deadlineMs: 60_000 });
  const { stretches: whole } = await listen(0, 3_600);
  const parts: Stretch[] = [];
  const begins: number[] = [];
  for (let from: number | null = 0; from !== null;) {
    begins.push(from);
    const { stretches, next }: FoundStretches = await listen(from, 5);
    parts.push(...stretches);
    from = next;
  }
  await child.close();
  expect(begins.length).toBeGreaterThan(3);
  expect(parts.every(({ start }, index) => start >= (parts[index - 1]?.end ?? 0))).toBe(true);
  const seconds = (found: Stretch[]) => found.reduce((sum, { start, end }) => sum + end - start, 0);
  expect(seconds(parts) / seconds(whole)).toBeCloseTo(1, 1);
  const inside = (at: number) => parts.some(({ start, end }) => start - 0.2 <= at && at <= end + 0.2);
  expect(whole.filter(({ start, end }) => !inside((start + end) / 2))).toEqual([]);
});

test("case 22: read English is heard alike however it is cut", async () => {
  const foreign = async (speech: string) => {
    const session = await engine.open({ speech, language: null });
    const pieces = planPieces(await findAllStretches({ speech }), [], { maxSeconds: engine.maxPieceSeconds });
    const found = await session.soundsForeign?.(pieces);
    await session.close();
    return found;
  };
  expect(await foreign(readEnglish)).toBe("no");
});

test("one human voice is one speaker", async () => {
  expect(await diarize({ speech: readEnglish })).toMatchObject({ speakers: 1, method: "embedded" });
});

test("speakers on channels of their own are told apart by channel", async () => {
  const voice = (await readPcm(readEnglish)).slice(0, 16_000 * 20);
  const left = voice.slice();
  const right = voice.slice();
  left.fill(0, voice.length / 2);
  right.fill(0, 0, voice.length / 2);
  const found = await diarize({ speech: await wav("channels.wav", interleave(left, right), 2) });
  expect(found).toMatchObject({ speakers: 2, method: "channels" });
  expect(found.turns.every(({ speaker, start }) => speaker === (start < 9.9 ? 1 : 2))).toBe(true);
});

test("silence has no stretches and no speakers", async () => {
  const silence = await wav("silence.wav", new Int16Array(16_000 * 20));
  expect(await findAllStretches({ speech: silence })).toEqual([]);
  expect(await diarize({ speech: silence })).toMatchObject({ turns: [], speakers: 0 });
});

test("no short answer is lost, and cut wider or tighter each says something", async () => {
  const outDir = join(dir, "short");
  const limits = { maxDurationSeconds: 60, deadlineMs: 60_000, maxRssMb: 500 };
  const input = "tests/fixtures/cases/short-answers.flac";
  const { speech } = await transcodeMedia({ input, outDir, ...limits });
  const session = await engine.open({ speech, language: "en" });
  const pieces = planPieces(await findAllStretches({ speech }), [], { maxSeconds: engine.maxPieceSeconds });
  const heard: string[] = [];
  for (const piece of pieces) heard.push((await session.recognise(piece)).map(({ text }) => text).join(" "));
  await session.close();
  expect(heard).toHaveLength(15);
  expect(heard.filter((text) => text === "")).toEqual([]);
  expect(heard[0]).toMatch(/yes/i);
  expect(heard[7]).toMatch(/sure/i);
});

test("clicks and hum are no speech", async () => {
  const noise = new Int16Array(16_000 * 20).map((_, index) => {
    const click = index % 12_000 < 80 ? ((index * 7919) % 16_000) - 8000 : 0;
    return click + 600 * Math.sin((index * 2 * Math.PI * 50) / 16_000);
  });
  expect(await findAllStretches({ speech: await wav("clicks.wav", noise) })).toEqual([]);
});

test("the weights are asked for until they are there, and not again with every turn", async () => {
  let asked = 0;
  const patient = createEmbeddedEngine({
    weights: async () => {
      asked += 1;
      if (asked === 1) throw new Error("offline");
      return weights();
    },
  });
  const open = () => patient.open({ speech: readEnglish, language: "en" });
  await expect(open()).rejects.toThrow("offline");
  for (const _turn of [1, 2]) await (await open()).close();
  expect(asked).toBe(2);
});

test("another language than English is refused before any work", async () => {
  expect(engine.supports("de")).toBe(false);
  expect(engine.supports("en-US")).toBe(true);
  await expect(engine.open({ speech: readEnglish, language: "de" })).rejects.toMatchObject({
    type: "language_unsupported",
    nonRetryable: true,
  });
});

test("an abort ends recognition and diarization at once", async () => {
  const abort = new AbortController();
  const reason = new Error("cancelled");
  const session = await engine.open({ speech: readEnglish, language: "en", signal: abort.signal });
  const recognising = session.recognise({ start: 0, end: 12 });
  const diarizing = diarize({ speech: readEnglish, signal: abort.signal });
  setTimeout(() => abort.abort(reason), 20);
  await Promise.all([expect(recognising).rejects.toBe(reason), expect(diarizing).rejects.toBe(reason)]);
});

test("this process keeps its beat while a piece is recognised", async () => {
  const session = await engine.open({ speech: readEnglish, language: "en" });
  let beats = 0;
  const heart = setInterval(() => (beats += 1), 20);
  await session.recognise({ start: 1, end: 13 });
  clearInterval(heart);
  await session.close();
  expect(beats).toBeGreaterThan(2);
});
