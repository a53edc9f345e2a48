import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planPieces } from "#domain/pieces.ts";
import type { Stretch } from "#domain/pieces.ts";

const seconds = (max: number) => fc.double({ min: 0, max, noNaN: true });

const stretches = fc
  .array(
    fc.record({ pause: seconds(5), length: fc.double({ min: 0.1, max: 60, noNaN: true }), dips: fc.array(seconds(1)) }),
    {
      maxLength: 20,
    },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ pause, length, dips }): Stretch => {
      const start = at + pause;
      at = start + length;
      return { start, end: at, quiet: dips.toSorted((a, b) => a - b).map((dip) => start + dip * length) };
    });
  });

const turns = fc
  .array(fc.record({ speaker: fc.integer({ min: 1, max: 4 }), start: seconds(400), length: seconds(30) }))
  .map((all) => all.map(({ speaker, start, length }) => ({ speaker, start, end: start + length })));

const near = 1e-6;

test("C-19 pieces are in order, apart, never too long, and cover all speech", () => {
  fc.assert(
    fc.property(stretches, turns, fc.integer({ min: 5, max: 300 }), (speech, who, maxSeconds) => {
      const pieces = planPieces(speech, who, { maxSeconds });
      for (const [index, piece] of pieces.entries()) {
        expect(piece.index).toBe(index);
        expect(piece.start).toBeGreaterThanOrEqual(0);
        expect(piece.end).toBeGreaterThan(piece.start);
        expect(piece.end - piece.start).toBeLessThanOrEqual(maxSeconds + near);
        expect(piece.start).toBeGreaterThanOrEqual((pieces[index - 1]?.end ?? 0) - near);
      }
      for (const { start, end } of speech) expect(uncovered(start, end, pieces)).toBeLessThan(near * 100);
    }),
  );
});

test("a piece ends where the speaker changes, in the nearest pause", () => {
  const speech = [{ start: 0, end: 10, quiet: [2, 4.8, 8] }];
  const who = [
    { speaker: 1, start: 0, end: 5 },
    { speaker: 2, start: 5, end: 10 },
  ];
  expect(planPieces(speech, who, { maxSeconds: 12 }).map(({ start, end }) => [start, end])).toEqual([
    [0, 4.8],
    [4.8, 10.15],
  ]);
});

test("words thrown in while somebody talks on do not cut the talk", () => {
  const who = [
    { speaker: 1, start: 0, end: 10 },
    { speaker: 2, start: 4, end: 4.5 },
  ];
  expect(planPieces([{ start: 0, end: 10, quiet: [4.2] }], who, { maxSeconds: 12 })).toHaveLength(1);
});

test("sentences with short pauses between them share a piece, long pauses part them", () => {
  const speech = [
    { start: 0, end: 3, quiet: [] },
    { start: 3.4, end: 6, quiet: [] },
    { start: 9, end: 11, quiet: [] },
  ];
  expect(planPieces(speech, [], { maxSeconds: 12 })).toHaveLength(2);
});

test("speech without a pause is cut where the voice is lowest", () => {
  const [first] = planPieces([{ start: 0, end: 20, quiet: [3, 9.5, 11, 19.9] }], [], { maxSeconds: 12 });
  expect(first?.end).toBe(11);
});

test("no speech, no pieces", () => {
  expect(planPieces([], [], { maxSeconds: 12 })).toEqual([]);
});

function uncovered(start: number, end: number, pieces: { start: number; end: number }[]) {
  const covered = pieces.reduce(
    (sum, piece) => sum + Math.max(0, Math.min(end, piece.end) - Math.max(start, piece.start)),
    0,
  );
  return end - start - covered;
}
