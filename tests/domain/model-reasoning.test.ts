import fc from "fast-check";
import { expect, test } from "vitest";
import { createReasoningFilter, withoutReasoning } from "#domain/model-reasoning.ts";

const answer = "Good morning \u{1F600}. What is < 3 and [4]?";
const spoken = [
  ["think", `<think>\nOkay, the user </thin is nervous.\n</think>\n\n${answer}`],
  ["capitals in brackets", `[THINK]Do not mention the salary.[/THINK]${answer}`],
  ["Kimi's marks", `◁think▷hm◁/think▷${answer}`],
  ["gpt-oss channels", `<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>${answer}`],
  ["two blocks", `<think>one</think>\n<think>two</think>\n${answer}`],
  ["an empty block", `<think>\n\n</think>\n\n${answer}`],
  ["none at all", answer],
] as const;

test.for(spoken)("case 08: an answer with %s keeps its words alone", ([, text]) => {
  expect(withoutReasoning(text)).toBe(answer);
});

test("case 08: thoughts whose beginning the template swallowed are cut, and those that never end leave nothing", () => {
  expect(withoutReasoning(`Okay, the user asks.\n</think>\n\n${answer}`)).toBe(answer);
  expect(withoutReasoning("<think>On and on")).toBe("");
});

/** The text in pieces of any sizes. */
const cutAt = (text: string, sizes: number[]) => {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
};

test("case 09: however a streamed answer is cut, nothing thought is shown and no half of a character", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.constantFrom(...spoken), sizes, fc.boolean(), ([, text], cuts, startsOpen) => {
      const filter = createReasoningFilter({ startsOpen });
      const shown = [...cutAt(text, cuts).map((piece) => filter.take(piece)), filter.end()];
      expect(shown.join("")).toBe(answer);
      for (const piece of shown) expect(piece.isWellFormed()).toBe(true);
      expect(filter.wasOpen).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("case 09: an answer that may begin within thoughts is held until they end, and told of", () => {
  const filter = createReasoningFilter({ startsOpen: true });
  expect(
    ["Okay, the user", " is nervous.</th", "ink>\n", "\nGood ", "day."].map((piece) => filter.take(piece)),
  ).toEqual(["", "", "", "Good ", "day."]);
  expect(filter.wasOpen).toBe(true);
});
