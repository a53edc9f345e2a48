import { expect, test } from "vitest";
import { nearTests } from "../../tools/near-tests.ts";

const sources = new Map([
  ["activities/a.ts", 'import { b } from "./clients/b.ts";\nimport type { T } from "#domain/types.ts";'],
  ["activities/clients/b.ts", 'const child = { module: new URL("./b-child.ts", import.meta.url) };'],
  ["activities/clients/b-child.ts", ""],
  ["domain/types.ts", ""],
  ["workflows/index.ts", 'export { run } from "./run.ts";'],
  ["workflows/run.ts", ""],
  ["tests/setup/temporal.ts", 'import { inject } from "vitest";'],
  ["tests/system.ts", 'import {\n  a,\n} from "#activities/a.ts";\nimport "./setup/temporal.ts";'],
  ["tests/a.test.ts", 'import { a } from "#activities/a.ts";'],
  ["tests/far.test.ts", 'import { system } from "./system.ts";'],
  ["tests/long.test.ts", 'import { system } from "./system.ts";'],
  ["tests/other.test.ts", ""],
]);
const near = (changed: string[], budgetMs = Infinity) =>
  nearTests({
    sources,
    changed,
    isTest: (path) => path.endsWith(".test.ts"),
    lasted: (path) => new Map([["tests/long.test.ts", 60_000]]).get(path),
    budgetMs,
  });

test("tests that load what has changed are found through imports, children and the workflows' bundle, nearest first", () => {
  expect(near(["activities/a.ts"]).taken).toEqual(["tests/a.test.ts", "tests/far.test.ts", "tests/long.test.ts"]);
  expect(near(["activities/clients/b-child.ts"]).taken).toContain("tests/a.test.ts");
  expect(near(["workflows/run.ts"]).taken).toEqual(["tests/far.test.ts", "tests/long.test.ts"]);
  // Types are nothing that runs.
  expect(near(["domain/types.ts"]).taken).toEqual([]);
  expect(near(["README.md", "tests/gone.test.ts"]).taken).toEqual([]);
});

test("what there is no time for is left out and named; a changed test runs however long it takes", () => {
  const far = { taken: ["tests/a.test.ts", "tests/far.test.ts"], left: ["tests/long.test.ts"] };
  expect(near(["activities/a.ts"], 30_000)).toEqual(far);
  expect(near(["activities/a.ts"], 1)).toEqual({
    taken: ["tests/a.test.ts"],
    left: ["tests/far.test.ts", "tests/long.test.ts"],
  });
  expect(near(["tests/long.test.ts", "tests/other.test.ts"], 1).taken).toEqual([
    "tests/other.test.ts",
    "tests/long.test.ts",
  ]);
});
