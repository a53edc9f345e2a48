import * as fc from "fast-check";
import { expect, test } from "vitest";
import { instructions, key, line, name, prose, title } from "#domain/text.ts";
import { cleanJson, cleanLine, cleanProse, cut } from "#domain/text.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom("\0", "\ud800", "\udc00", "\u001b[31m", "\u0085", "\u009b", "\r\n", "\r", "\t", " ", "é👩‍👩‍👧"),
      {
        maxLength: 20,
      },
    )
    .map((parts) => parts.join("")),
);

test("cleaned text can be kept, acts on nothing, and cleaning it again changes nothing", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const clean of [cleanLine, cleanProse]) {
        const cleaned = clean(text);
        expect(cleaned.isWellFormed()).toBe(true);
        expect(cleaned).not.toMatch(clean === cleanLine ? /\p{Cc}/u : /(?![\t\n])\p{Cc}/u);
        expect(clean(cleaned)).toBe(cleaned);
        expect(cleaned.trim()).toBe(cleaned);
      }
    }),
  );
});

test("what can be read stays readable: joiners, marks, directions, half a character as a sign of its loss", () => {
  expect(cleanLine(" a\tb\r\nc\u2028d \ud800\0\u001b[31m ")).toBe("a b c d \ufffd[31m");
  expect(cleanProse("\n1.\tone\r\n2.\u0085 two\r3.\n\n")).toBe("1.\tone\n2. two\n3.");
  for (const text of ["👩‍👩‍👧 می‌خواهم", "Z͑ͫ̓ͪ̂ͫ̽", "\u202Egnp.exe", "__proto__"]) expect(cleanLine(text)).toBe(text);
});

test("limits are measured of what is left, and text that is nothing but such characters is empty", () => {
  expect(title().parse(`\0 ${"x".repeat(300)}\n`)).toHaveLength(300);
  const refused = [
    title().safeParse("x".repeat(301)),
    title().safeParse("\0\u001b \ufeff"),
    name().safeParse("x".repeat(101)),
    instructions().safeParse("x".repeat(4_001)),
    line(3).safeParse(7),
    prose(3).safeParse(["a"]),
  ];
  expect(refused.map(({ success }) => success)).toEqual(refused.map(() => false));
  expect(title("Give it a title.").safeParse(" ").error?.issues[0]?.message).toBe("Give it a title.");
  expect(name().safeParse("x".repeat(101)).error?.issues[0]?.message).toBe("Use 100 characters at most.");
});

test("a key is refused rather than changed", () => {
  expect(key(5).parse("é-1")).toBe("é-1");
  for (const bad of ["\0", "a\n", "\u0085", "\udc00", "123456"]) expect(key(5).safeParse(bad).success).toBe(false);
});

test("a cut never leaves half a character", () => {
  expect([cut("a👩b", 2), cut("a👩b", 3), cut("ab", 9)]).toEqual(["a", "a👩", "ab"]);
});

test("JSON is cleaned in every string of it, names of fields too, and keeps its form", () => {
  const odd = JSON.parse('{"a\\u0000":["\\ud800",{"__proto__":"x\\u001b"}],"n":1,"z":null}') as unknown;
  expect(JSON.stringify(cleanJson(odd))).toBe('{"a":["\ufffd",{"__proto__":"x"}],"n":1,"z":null}');
});
