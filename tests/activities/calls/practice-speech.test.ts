import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { beforeAll, expect, test, vi } from "vitest";
import { createRecognizer } from "#activities/clients/calls/practice/recognizer.ts";
import { speechWeights } from "#activities/clients/speech/weights.ts";
import { practiceRate } from "#domain/practice.ts";
import { testCache } from "#tests/fixtures/fetch.ts";
import { readPcm } from "#tests/fixtures/make-media.ts";
import { wordErrorRate, wordsOf } from "#tests/fixtures/score.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { until } from "#tests/web/live/live-server.ts";
import { practiceMeeting, practiceServer } from "#tests/web/practice/practice-setup.ts";
import type { PracticeClient } from "#tests/web/practice/practice-setup.ts";
import { practiceCalls, practiceSeat } from "./practice-setup.ts";

const weights = () => speechWeights({ cacheDir: testCache, log: () => undefined });
let speech: Int16Array;

// Speech on a busy machine takes its time; what counts here is what comes out.
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  speech = await readPcm("tests/fixtures/two-cities.wav");
});

const frame = practiceRate / 10;

/** Sends sound as a browser does: a tenth of a second every tenth of a second, then silence. */
async function speak({ ws }: PracticeClient, samples: Int16Array, { silenceSeconds = 2 } = {}) {
  const whole = new Int16Array(samples.length + silenceSeconds * practiceRate);
  whole.set(samples);
  const begun = Date.now();
  for (let at = 0; at + frame <= whole.length; at += frame) {
    const piece = whole.slice(at, at + frame);
    ws.send(Buffer.from(piece.buffer));
    const due = begun + (at / practiceRate) * 1000 + 100;
    if (due > Date.now()) await sleep(due - Date.now());
  }
}

const seconds = (from: number, to: number) => speech.slice(from * practiceRate, to * practiceRate);

const begun = "It was the best of times, it was the worst of times, it was the age of wisdom,";

test("a voice is noticed while it speaks, understood so far, and understood as a whole when it pauses", async () => {
  const recognizer = createRecognizer({ weights, log: pino({ level: "silent" }) });
  const hearing = recognizer.use();
  await hearing.ready();
  const hear = async (samples: Int16Array) => {
    const news = [];
    for (let at = 0; at + frame <= samples.length; at += frame) {
      news.push(...(await hearing.hear("anna", samples.slice(at, at + frame))));
    }
    return news;
  };
  const [started, ...more] = await hear(seconds(0, 2.6));
  expect([started?.type, more]).toEqual(["started", []]);
  const { segment } = started!;
  expect(await hearing.wordsSoFar("anna", segment)).toMatch(/it was the best/i);
  expect(await hear(seconds(2.6, 2.9))).toEqual([]);
  expect(await hear(new Int16Array(practiceRate))).toEqual([{ type: "ended", segment }]);
  expect(await hearing.wordsSoFar("anna", segment)).toBe(null);
  expect(await hearing.words("anna", segment)).toMatch(/it was the best/i);
  expect(await hearing.words("anna", segment)).toBe("");
  // A cough is no voice, and silence none either.
  expect(await hear(new Int16Array(practiceRate * 2))).toEqual([]);
  await hearing.close("anna");
  hearing.letGo();
  await recognizer.close();
});

test("spoken words are shown while they are spoken, told when they end, and answered", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db, { weights });
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId, name: "Anna" });
  const seat = practiceSeat(meetingId, {
    soFar: [{ speaker: "agent", text: "Let's talk about this: Agree on a date." }],
  });
  await calls.connectAgent(seat);
  await speak(anna, seconds(0, 11));
  await until(() => seat.types().includes("response.output_audio.done"), "the agent's answer", 60_000);
  const heard = wordsOf(seat.turns().join(" "));
  // A machine that cannot keep up loses some sound, as it should; on a quiet one the rate is under a tenth.
  expect(wordErrorRate(begun, heard.slice(0, wordsOf(begun).length).join(" "))).toBeLessThan(0.4);
  expect(seat.types().filter((type) => type === "response.created")).toHaveLength(1);
  await until(() => anna.captions().some(({ text }) => text.includes("Choose a place.")), "the answer's caption");
  // What is only added to is right as well: nothing told as sure was taken back.
  const [first] = seat.heard.flatMap(({ event }) =>
    event.type === "conversation.item.input_audio_transcription.completed" ? [event] : [],
  );
  const deltas = seat.heard.flatMap(({ event }) =>
    event.type.endsWith("transcription.delta") && event["item_id"] === first?.["item_id"]
      ? [String(event["delta"])]
      : [],
  );
  const sure = wordsOf(deltas.join(""));
  expect(wordsOf(String(first?.["transcript"])).slice(0, sure.length)).toEqual(sure);
});

test("a person who speaks up stops the agent; its own voice from the loudspeaker does not", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db, { weights });
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  // The agent says what the recording says, so that the recording is its echo.
  const goals = ["It was the best of times, it was the worst of times, it was the age of wisdom?"];
  const seat = practiceSeat(meetingId, { goals });
  await calls.connectAgent(seat);
  await until(() => anna.captions().some(({ final }) => final), "the greeting");
  const [greeting] = anna.captions();
  anna.send({ type: "spoken", itemId: greeting!.itemId, chars: 40, done: false });
  await speak(anna, seconds(0, 4.4), { silenceSeconds: 1 });
  expect(seat.turns()).toEqual([]);
  expect(seat.replies()).toEqual([]);
  await speak(anna, seconds(30, 36), { silenceSeconds: 1 });
  await until(() => seat.turns().length > 0, "the person's words", 60_000);
  expect(seat.replies()[0]).toMatch(/^Hello, I am Ada/);
  expect(seat.replies()[0]!.length).toBeLessThan(60);
  await until(() => anna.captions()[0]!.interrupted, "the shortened caption");
});

test("words that are being spoken when the call ends, or when the microphone is muted, are not lost", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db, { weights });
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  const seat = practiceSeat(meetingId, { soFar: [{ speaker: "agent", text: "Go on." }] });
  const link = await calls.connectAgent(seat);
  await speak(anna, seconds(0, 2.3), { silenceSeconds: 0 });
  anna.send({ type: "mute", muted: true });
  await speak(anna, seconds(2.3, 3), { silenceSeconds: 0 });
  await until(() => seat.turns().length === 1, "the words before the mute", 60_000);
  expect(seat.turns()[0]).toMatch(/the best/i);
  expect(anna.people()[0]).toMatchObject({ muted: true });
  anna.send({ type: "mute", muted: false });
  await speak(anna, seconds(2.2, 4.4), { silenceSeconds: 0 });
  anna.send({ type: "leave" });
  await link.closed;
  expect(seat.turns().join(" ")).toMatch(/worst/i);
});

test("a recogniser that cannot be loaded costs the recognizer, not the call", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db, {
    weights: async () => ({ encoder: "none", decoder: "none", tokens: "none" }),
  });
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  const seat = practiceSeat(meetingId, { soFar: [{ speaker: "agent", text: "Go on." }] });
  await calls.connectAgent(seat);
  await until(() => /cannot hear you/.test(anna.agent()?.message ?? ""), "the note", 60_000);
  expect(anna.agent()?.state).toBe("listening");
  anna.send({ type: "say", text: "Then I type what I have to say." });
  await until(() => anna.captions().length === 2, "the answer");
});
