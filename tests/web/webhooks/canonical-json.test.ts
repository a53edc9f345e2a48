import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pythonJson, pythonSigned } from "#tests/fakes/python-json.ts";
import type { PythonValue } from "#tests/fakes/python-json.ts";
import { processorTime } from "#tests/setup/processor-time.ts";
import { canonicalJson } from "#web/webhooks/canonical-json.ts";

/** Each text as Python reads it and Attendee's `sign_payload` writes it; null where this machine has no Python. */
function byPython(texts: string[]): string[] | null {
  const script = `
import json, sys
out = [json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) for text in json.load(sys.stdin)]
sys.stdout.buffer.write(json.dumps(out).encode())`;
  try {
    const answer = execFileSync("python3", ["-c", script], {
      input: JSON.stringify(texts),
      stdio: ["pipe", "pipe", "ignore"],
    });
    return JSON.parse(answer.toString("utf8")) as string[];
  } catch {
    return null;
  }
}

// Made with Python 3.11, so that they hold where there is none.
const vectors: [string, string][] = [
  [
    '{"b": 1, "a": [1.0, -0.0, 1e-07, 1.5e+300, 12345678901234567890123]}',
    '{"a":[1.0,-0.0,1e-07,1.5e+300,12345678901234567890123],"b":1}',
  ],
  ['{"\\u00e9": "\\u00fc\\ud83d\\ude00 \\u2028\\u007f", "z": "\\/"}', '{"z":"/","é":"ü😀 \u2028\u007f"}'],
  ['{"t": "\\t\\n\\r\\b\\f\\u0000\\u001f\\"\\\\"}', '{"t":"\\t\\n\\r\\b\\f\\u0000\\u001f\\"\\\\"}'],
  // Code points, where JavaScript would compare halves of characters.
  ['{"\\ud83d\\ude00": 1, "\\uff5e": 2, "10": 3, "9": 4, "": 5}', '{"":5,"10":3,"9":4,"～":2,"😀":1}'],
  [
    '{"a": 1, "a": {"b": 2.0}, "__proto__": {"x": 1.0}, "constructor": null}',
    '{"__proto__":{"x":1.0},"a":{"b":2.0},"constructor":null}',
  ],
  [' [ true , false , null , { } , [ ] , "" ] ', '[true,false,null,{},[],""]'],
  ["1.10", "1.10"],
  ['"text"', '"text"'],
];

test("a text is written as the one that signs writes it, number by number and character by character", () => {
  for (const [text, canonical] of vectors) expect(canonicalJson(text)).toBe(canonical);
});

test("what no signer could have written is none", () => {
  const odd = [
    "",
    "{",
    "NaN",
    "Infinity",
    "[1,]",
    "{'a':1}",
    '"\\ud83d"',
    '{"\\udc00":1}',
    "\ufeff{}",
    "01",
    "nul",
    '{"a":1}x',
  ];
  for (const text of odd) expect(canonicalJson(text)).toBeNull();
  const deep = 400_000;
  expect(canonicalJson("[".repeat(deep) + "]".repeat(deep))).toBeNull();
  expect(canonicalJson('{"a":'.repeat(deep))).toBeNull();
});

test("a text of many values is given up early, whatever they are", () => {
  expect(canonicalJson(JSON.stringify(Array(9_000).fill(0)))).not.toBeNull();
  for (const each of ["0", '""', "{}", "[]"]) {
    const text = `[${Array(40_000).fill(each).join(",")}]`;
    const used = processorTime();
    expect(canonicalJson(text)).toBeNull();
    // Writing all of it takes several times as long; the bound is generous.
    expect(used()).toBeLessThan(500);
  }
});

const value = fc.letrec<{ any: PythonValue }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
    fc.maxSafeInteger(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("any")),
    fc.dictionary(fc.string({ unit: "grapheme" }), tie("any")),
  ),
})).any;

test("a body in any spelling has the canonical form of what was signed", () => {
  fc.assert(
    fc.property(value, (payload) => {
      expect(canonicalJson(pythonJson(payload))).toBe(pythonSigned(payload));
    }),
  );
});

test("Python itself writes the same, for any payload and its floats", ({ skip }) => {
  const floats = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), 300);
  const written = [
    ...fc.sample(value, 200).map((payload) => pythonJson(payload)),
    // As Python spells floats: with a point, or an exponent of two digits.
    ...floats.map((float) => `{"float": ${spelt(float)}}`),
    ...vectors.slice(0, 6).map(([text]) => text),
  ];
  const expected = byPython(written);
  skip(expected === null, "no python3 on this machine");
  expect(written.map((text) => canonicalJson(text))).toEqual(expected);
});

// repr(float): the shortest digits, as in JavaScript; an exponent from 1e16 and below 1e-4.
function spelt(float: number): string {
  if (Object.is(float, -0)) return "-0.0";
  const size = Math.abs(float);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return float.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const plain = String(float);
  return /[.e]/.test(plain) ? plain : `${plain}.0`;
}
