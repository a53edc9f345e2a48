import * as fc from "fast-check";
import { expect, test } from "vitest";
import { alignUtterances } from "#domain/alignment.ts";

const turns = [
  { speaker: 1, start: 0, end: 4 },
  { speaker: 2, start: 4, end: 9 },
  { speaker: 1, start: 12, end: 15 },
];

const speakersOf = (start: number, end: number, given?: number) =>
  alignUtterances([{ text: "words", start, end, ...(given === undefined ? {} : { speaker: given }) }], turns).map(
    (segment) => segment.speaker,
  );

test("C-20 C-32 words belong to whoever talks most during them", () => {
  expect(speakersOf(1, 3)).toEqual(["SPEAKER_01"]);
  expect(speakersOf(3, 8)).toEqual(["SPEAKER_02"]);
  expect(speakersOf(13, 14)).toEqual(["SPEAKER_01"]);
});

test("words in what diarization took for silence go to the nearest speaker", () => {
  expect(speakersOf(9.2, 10)).toEqual(["SPEAKER_02"]);
  expect(speakersOf(11, 11.8)).toEqual(["SPEAKER_01"]);
});

test("a speaker that the provider names wins", () => {
  expect(speakersOf(1, 3, 3)).toEqual(["SPEAKER_03"]);
});

test("without turns there is one speaker", () => {
  expect(alignUtterances([{ text: " words ", start: 0, end: 1 }], [])).toEqual([
    { speaker: "SPEAKER_01", text: "words", start: 0, end: 1 },
  ]);
});

test("segments are in order, inside their piece, and have words", () => {
  const utterance = fc.record({
    text: fc.string(),
    start: fc.double({ min: -5, max: 40, noNaN: true }),
    end: fc.double({ min: -5, max: 40, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(utterance), (utterances) => {
      const piece = { start: 3, end: 20 };
      let last = 0;
      for (const { start, end, text } of alignUtterances(utterances, turns, piece)) {
        expect(start).toBeGreaterThanOrEqual(Math.max(last, piece.start));
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(piece.end);
        expect(text.trim()).not.toBe("");
        last = start;
      }
    }),
  );
});
