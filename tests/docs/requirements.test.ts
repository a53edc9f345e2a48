import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const text = readFileSync("docs/requirements.md", "utf8");
const rows = text
  .split("\n")
  .filter((line) => /^\| [ABCD]-\d+ \|/.test(line))
  .map((line) => {
    const [, id = "", requirement = "", where = "", test = ""] = line.split("|").map((cell) => cell.trim());
    return { id, requirement, where, test };
  });
const pathsIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");

test("every requirement of the reference design has one row: 125 + 91 + 69 + 76", () => {
  const numbers = { A: 125, B: 91, C: 69, D: 76 };
  const expected = Object.entries(numbers).flatMap(([system, count]) =>
    Array.from({ length: count }, (_, index) => `${system}-${index + 1}`),
  );
  expect(rows.map(({ id }) => id)).toEqual(expected);
  expect(rows.filter(({ requirement }) => requirement === "")).toEqual([]);
});

test("every path and test that a row or a weak point names exists", () => {
  const named = [
    ...rows.flatMap(({ where, test }) => [...pathsIn(where), ...pathsIn(test)]),
    ...text
      .split("\n")
      .filter((line) => /^\d+\. /.test(line))
      .flatMap(pathsIn)
      .filter((path) => path.includes("/")),
  ];
  expect(named.length).toBeGreaterThan(60);
  expect([...new Set(named)].filter((path) => !existsSync(path))).toEqual([]);
});

test("every row says where it lives", () => {
  expect(rows.filter(({ where }) => pathsIn(where).length === 0)).toEqual([]);
});

test("A-87 A-88 no other job engine is installed beside Temporal", () => {
  const manifest = readFileSync("package.json", "utf8");
  expect(manifest).not.toMatch(/inngest|bullmq|"agenda"|pg-boss/);
});

test("a test that a row names has the row's id in the name of one of its tests", () => {
  const cited = (path: string) =>
    [...readFileSync(path, "utf8").matchAll(/test[\w.]*\(\s*["`]([^"`]+)["`]/g)].flatMap(([, name = ""]) =>
      [...name.matchAll(/\b([ABCD])-(\d+)(?: to [ABCD]-(\d+))?/g)].flatMap(([, system, first, last = first]) =>
        Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${system}-${Number(first) + index}`),
      ),
    );
  const silent = rows.filter(({ id, test }) => {
    const files = pathsIn(test).filter((path) => path.endsWith(".test.ts"));
    return files.length > 0 && !files.flatMap(cited).includes(id);
  });
  expect(silent.map(({ id }) => id)).toEqual([]);
});
