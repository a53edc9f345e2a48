import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...globSync("docs/**/*.md")].map((path) => ({
  path,
  text: readFileSync(path, "utf8"),
}));

test("every link from one page of the documents to another leads somewhere", () => {
  const broken = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<!!)\[[^\]]*\]\((?!https?:)([^)#]+)/g)]
      .map((match) => match[1] ?? "")
      .filter((target) => !existsSync(join(dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test("every file of the code that a page names exists", () => {
  const named = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:domain|records|activities|workflows|web|worker|local|tests|bench)\/[\w./-]+\.tsx?)`/g)].map(
      (match) => ({ path, file: match[1] ?? "" }),
    ),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ file }) => !existsSync(file))).toEqual([]);
});

test("every npm command that a page names is one of the project's", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const named = pages.flatMap(({ text }) =>
    [...text.matchAll(/npm run ([a-z0-9:-]+)/g)].map((match) => match[1] ?? ""),
  );
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

test("every decision says its context, the decision and what follows, and numbers are not given twice", () => {
  const decisions = pages.filter(({ path }) => path.includes("decisions"));
  const headings = decisions.map(({ text }) => [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]));
  expect(headings).toEqual(decisions.map(() => ["Context", "Decision", "Consequences"]));
  const numbers = decisions.map(({ path }) => path.match(/(\d{3})-/)?.[1]);
  expect(new Set(numbers).size).toBe(decisions.length);
});
