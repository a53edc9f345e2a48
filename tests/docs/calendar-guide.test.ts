import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decisionReasons } from "#domain/calendar/decision.ts";
import { syncProblems } from "#domain/calendar/sync-problem.ts";
import { policyVariables } from "#domain/calendar/policy.ts";

const guide = readFileSync("docs/calendar.md", "utf8");
const firstCells = [...guide.matchAll(/^\| `(\w+)`/gm)].map(([, code]) => code);

test("B-79 the guide explains every reason of a decision, in their order, and every problem of a calendar", () => {
  expect(firstCells).toEqual([...decisionReasons, ...Object.keys(syncProblems)]);
});

test("B-79 the guide names every setting of joining, and the README and the API lead on", () => {
  for (const name of Object.keys(policyVariables)) expect(guide).toContain(`\`${name}\``);
  expect(readFileSync("README.md", "utf8")).toContain("(docs/calendar.md)");
  expect(readFileSync("docs/api.md", "utf8")).toContain("/calendar/auto-join/override");
});
