import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSealer, isSealed, sealVariables, SealBroken } from "#records/seal.ts";

const newKey = (id: string) => ({ id, key: randomBytes(32) });
const place = { table: "calendar", column: "url", id: "1" };
const [first, second] = [newKey("first"), newKey("second")];
const sealer = createSealer([first]);

test("a sealed value says nothing of what it holds, is never the same twice, and opens again", () => {
  for (const text of ["https://calendar.example.com/secret", "ключ 🔑", "x".repeat(10_000)]) {
    const [one, other] = [sealer.seal(text, place), sealer.seal(text, place)];
    expect(one).not.toBe(other);
    expect([isSealed(one), sealer.isCurrent(one)]).toEqual([true, true]);
    expect(sealer.open(one, place)).toBe(text);
    expect(Buffer.from(one.split(":")[2] ?? "", "base64url").includes(text)).toBe(false);
  }
});

const elsewhere = [
  ["another row", { ...place, id: "2" }],
  ["another column", { ...place, column: "token" }],
  ["another table", { ...place, table: "account" }],
  ["a place that only looks the same", { table: "calendar", column: 'url","1', id: "" }],
] as const;
test.each(elsewhere)("a value that was moved to %s does not open there", (_what, other) => {
  expect(() => sealer.open(sealer.seal("secret", place), other)).toThrow(SealBroken);
});

test("a value that was altered, cut off, named for another key or never sealed does not open", () => {
  const both = createSealer([first, second]);
  const sealed = both.seal("secret", place);
  const [, , data = ""] = sealed.split(":");
  const bytes = Buffer.from(data, "base64url");
  const altered = Array.from(bytes, (byte, at) => {
    const copy = Buffer.from(bytes);
    copy[at] = byte ^ 1;
    return `sealed:first:${copy.toString("base64url")}`;
  });
  const cut = [0, 1, 11, 12, 20, 27, 28].map((end) => `sealed:first:${bytes.subarray(0, end).toString("base64url")}`);
  const others = [sealed.replace("first", "second"), sealed.replace("first", "third"), "secret", "", "sealed:first:"];
  for (const value of [...altered, ...cut, ...others]) expect(() => both.open(value, place)).toThrow(SealBroken);
});

test("the first key seals and all open, so that a key can be replaced", () => {
  const before = sealer.seal("secret", place);
  const rotated = createSealer([second, first]);
  expect(rotated.open(before, place)).toBe("secret");
  expect(rotated.isCurrent(before)).toBe(false);
  const after = rotated.seal("secret", place);
  expect(rotated.isCurrent(after)).toBe(true);
  expect(createSealer([second]).open(after, place)).toBe("secret");
  expect(() => createSealer([second]).open(before, place)).toThrow(SealBroken);
});

const { SEAL_KEYS } = sealVariables;
const base64 = (bytes: number) => randomBytes(bytes).toString("base64");

test("keys are read from a list, in base64 of either alphabet", () => {
  const key = randomBytes(32);
  const text = `new:${key.toString("base64url")} , old:${base64(32)}`;
  expect(SEAL_KEYS.parse(text)).toMatchObject([{ id: "new", key }, { id: "old" }]);
});

test.each([
  "",
  "first",
  `first:${base64(31)}`,
  `first:${base64(33)}`,
  `:${base64(32)}`,
  base64(32),
  `a b:${base64(32)}`,
  `first:${base64(32)},`,
  `same:${base64(32)},same:${base64(32)}`,
])("a list that is none is refused, and its value stays unsaid: %s", (text) => {
  const { error } = SEAL_KEYS.safeParse(text);
  expect(error?.issues).toHaveLength(1);
  const [said, secret] = [JSON.stringify(error), text.slice(6, 20)];
  expect(secret.length > 8 && said.includes(secret)).toBe(false);
});
