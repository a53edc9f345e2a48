import { expect, test } from "vitest";
import { cluster, normalise } from "#activities/clients/speech/speaker-clustering.ts";
import { findTurns } from "#activities/clients/speech/speakers.ts";
import type { VoiceWindow } from "#activities/clients/speech/speakers.ts";

const size = 192;

/** Numbers that look random and are the same every time. */
function createNoise(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const noise = createNoise(7);
const voices = Array.from({ length: 5 }, () => normalise(Float32Array.from({ length: size }, noise)));

/** A window of a voice with as much of other sound in it as leaves two of them about 0.6 alike. */
function spoken(voice: number, at: number, seconds = 2): VoiceWindow {
  const other = normalise(Float32Array.from({ length: size }, noise));
  const embedding = normalise(
    (voices[voice] as Float32Array).map((value, index) => value + 0.8 * (other[index] as number)),
  );
  return { start: at, end: at + seconds, embedding };
}

test("eight hours of five voices are told apart in little memory", () => {
  const windows: VoiceWindow[] = [];
  const voiceAt = (second: number) => Math.floor(second / 20) % 5;
  for (let at = 0; at < 8 * 3600; at += 1) windows.push(spoken(voiceAt(at), at));
  const before = process.memoryUsage().rss;
  const turns = findTurns(windows);
  const usedMb = (process.memoryUsage().rss - before) / 2 ** 20;
  expect(new Set(turns.map((turn) => turn.speaker)).size).toBe(5);
  const wrong = turns.filter(({ speaker, start, end }) => voiceAt((start + end) / 2 - 0.5) !== speaker - 1);
  expect(wrong).toEqual([]);
  expect(usedMb).toBeLessThan(300);
}, 120_000);

test("a known number of speakers is kept to, in both directions", () => {
  const windows = Array.from({ length: 60 }, (_, at) => spoken(Math.floor(at / 20), at * 3));
  const count = (speakers?: number) => new Set(findTurns(windows, speakers).map((turn) => turn.speaker)).size;
  expect(count()).toBe(3);
  expect(count(3)).toBe(3);
  expect(count(2)).toBe(2);
  expect(count(1)).toBe(1);
  expect(findTurns([spoken(0, 0), spoken(1, 3)], 9).map((turn) => turn.speaker)).toEqual([1, 2]);
});

test("C-32 speakers are numbered in the order in which they first speak", () => {
  const windows = [3, 3, 1, 1, 1, 3].map((voice, index) => spoken(voice, index * 2.2));
  expect(findTurns(windows).map((turn) => turn.speaker)).toEqual([1, 2, 1]);
});

test("a cough is nobody: its window goes to the speaker it is most like", () => {
  const windows = [...Array.from({ length: 10 }, (_, at) => spoken(0, at * 3)), spoken(4, 40, 0.7)];
  expect(new Set(findTurns(windows).map((turn) => turn.speaker)).size).toBe(1);
});

test("a laugh or a word in another tone founds no speaker, unless somebody said how many there are", () => {
  const talk = Array.from({ length: 20 }, (_, at) => spoken(at < 10 ? 0 : 1, at * 3));
  const count = (more: VoiceWindow[], speakers?: number) =>
    new Set(findTurns([...talk, ...more], speakers).map((turn) => turn.speaker)).size;
  const laughs = [spoken(2, 70), spoken(2, 80, 0.9)];
  expect(count(laughs)).toBe(2);
  expect(count(laughs, 3)).toBe(3);
  // One who answers three times, or says a whole sentence, is somebody; so is each of two in a few seconds.
  expect(count([spoken(2, 70, 0.9), spoken(2, 80, 0.9), spoken(2, 90, 0.9)])).toBe(3);
  expect(count([spoken(2, 70), spoken(2, 71), spoken(2, 72)])).toBe(3);
  expect(findTurns([spoken(0, 0), spoken(1, 3)]).map((turn) => turn.speaker)).toEqual([1, 2]);
});

test("nothing heard, nobody found", () => {
  expect(findTurns([])).toEqual([]);
  expect(cluster([], { stopBelow: 0.4, leastSeconds: 1 })).toEqual([]);
});
