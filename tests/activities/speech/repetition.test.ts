import { expect, test } from "vitest";
import { withoutLoop } from "#activities/clients/speech/repetition.ts";

test("a recogniser that repeats itself to its limit is cut after the first round", () => {
  const said = "It was the worst of times. It was the age of wisdom.";
  expect(withoutLoop(`${said}${" It was the age of wisdom.".repeat(9)} It was`)).toBe(said);
  expect(withoutLoop(`I'm going${" to be able".repeat(30)}`)).toBe("I'm going to be able");
});

test("what people do say again stays", () => {
  for (const text of ["", "No, no, no, no, no!", "I am sorry. I am sorry. I am sorry.", "Very, very, very long ago"]) {
    expect(withoutLoop(text)).toBe(text);
  }
});
