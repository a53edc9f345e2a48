import fc from "fast-check";
import { expect, test } from "vitest";
import { bySentence } from "#domain/sentences.ts";

const said = (text: string, start = 10, end = 20) => bySentence([{ text, start, end }]);

test("each sentence becomes a line with its share of the time", () => {
  const lines = said("We met on Monday morning. Then we decided to ship it. Bob writes the notes.");
  expect(lines.map(({ text }) => text)).toEqual([
    "We met on Monday morning.",
    "Then we decided to ship it.",
    "Bob writes the notes.",
  ]);
  expect(lines[0]?.start).toBe(10);
  expect(lines.at(-1)?.end).toBeCloseTo(20);
  expect(lines[1]?.start).toBe(lines[0]?.end);
});

test("very short sentences stay with their neighbour, and titles and initials end none", () => {
  expect(said("Yes. That is what I said before.")).toHaveLength(1);
  expect(said("I talked to Dr. Smith about the budget for the year.")).toHaveLength(1);
  expect(said("The rate is 3.5 percent of the whole amount.")).toHaveLength(1);
});

test("no word is lost, and times stay in order within the utterance", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("We", "met.", "Then", "it", "rained!", "Was", "that", "all?", "Dr.", "No.")),
      (words) => {
        const text = words.join(" ");
        const lines = said(text);
        expect(lines.map((line) => line.text).join(" ")).toBe(text);
        for (const { start, end } of lines) expect(end).toBeGreaterThanOrEqual(start);
        expect(lines.every(({ start, end }) => start >= 10 && end <= 20.0001)).toBe(true);
      },
    ),
  );
});
