import { expect, test } from "vitest";
import { namesOfSpeakers } from "#domain/speaker-names.ts";

const spoken = (speaker: string, start: number, end: number) => ({ speaker, start, end });
const voice = (name: string, start: number, end: number) => ({ name, start, end });

test("a label gets the name that was heard through most of what it said", () => {
  const names = namesOfSpeakers(
    [spoken("SPEAKER_01", 0, 10), spoken("SPEAKER_02", 10, 20), spoken("SPEAKER_01", 20, 24)],
    [voice("Bob", 10.5, 19), voice("Ann", 0, 9), voice("Ann", 19, 23)],
  );
  expect(Object.fromEntries(names)).toEqual({ SPEAKER_01: "Ann", SPEAKER_02: "Bob" });
});

test("a label that no name fits by half, or that nobody was heard with, gets none", () => {
  const names = namesOfSpeakers(
    [spoken("SPEAKER_01", 0, 10), spoken("SPEAKER_02", 30, 40)],
    [voice("Ann", 0, 4), voice("Bob", 5, 9), voice("", 30, 40)],
  );
  expect(names.size).toBe(0);
});

test("voices that diarization took for two may be one person, and order does not matter", () => {
  const segments = [spoken("SPEAKER_01", 0, 5), spoken("SPEAKER_02", 6, 9)];
  const voices = [voice("Ann", 6, 9), voice("Ann", 0, 5)];
  expect([...namesOfSpeakers(segments, voices).values()]).toEqual(["Ann", "Ann"]);
  expect(namesOfSpeakers(segments.toReversed(), voices.toReversed())).toEqual(namesOfSpeakers(segments, voices));
});
