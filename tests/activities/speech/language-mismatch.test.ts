import { expect, test } from "vitest";
import { foreignBy, piecesToTry } from "#activities/clients/speech/language-mismatch.ts";

const english = "the train was late and so we missed the beginning of the talk";
const invented = [
  "in the first chapter of the book of the Bible there was a heart to your mind and it was heavy enough to be told",
  "welcome everybody my name is Katie, today we sing about football, then comes advertising, stay tuned please",
];

test("hearings that agree are the engine's language, others that share nothing are not, and too few words are neither", () => {
  expect(foreignBy([[english, english.replace("talk", "walk")]])).toBe("no");
  expect(foreignBy([invented])).toBe("yes");
  expect(foreignBy([["in the Bible", "welcome, podcast"]])).toBe("no");
  expect(foreignBy([])).toBe("no");
});

test("the pieces that are tried lie all over the recording, none too short to say anything", () => {
  const pieces = Array.from({ length: 100 }, (_, at) => ({ start: at * 10, end: at * 10 + (at % 2 === 0 ? 0.5 : 6) }));
  const tried = piecesToTry(pieces);
  expect(tried.length).toBeLessThanOrEqual(4);
  expect(tried.every(({ start, end }) => end - start === 6)).toBe(true);
  expect((tried.at(-1)?.start ?? 0) - (tried[0]?.start ?? 0)).toBeGreaterThan(500);
  expect(piecesToTry([{ start: 0, end: 0.4 }])).toEqual([]);
});
