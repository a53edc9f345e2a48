import { expect, test } from "vitest";
import { languageTag } from "#domain/inputs/language.ts";
import { languageTagOf } from "#domain/language.ts";

test.each([
  ["en-us", "en-US"],
  ["EN_us", "en-US"],
  ["deu", "de"],
  [" sv ", "sv"],
  ["zh-hans-cn", "zh-Hans-CN"],
  ["und", null],
  ["UND-Latn", null],
  ["mul", null],
  ["zxx", null],
  ["english", null],
  ["x-default", null],
  ["en--us", null],
  [`en-${"abcdefgh-".repeat(5)}x`, null],
  ["", null],
])("a feed's language “%s” is %s", (said, tag) => {
  expect(languageTagOf(said)).toBe(tag);
});

test("RFC 5646, 4.1: a person's language may be left out, so a tag that names none is refused", () => {
  const isTaken = (tag: string) => languageTag().safeParse(tag).success;
  expect(["en", "de-CH", "yue", "unde"].map(isTaken)).toEqual([true, true, true, false]);
  expect(["und", "UND", "und-Latn", "mul", "mis", "zxx"].map(isTaken)).toEqual(Array(6).fill(false));
});
