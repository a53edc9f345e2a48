import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, Worker } from "@temporalio/worker";
import { expect, inject, test } from "vitest";
import "#tests/setup/temporal-runtime.ts";

const folder = new URL("./histories/", import.meta.url);
const silent = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };

async function histories() {
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => ({
      workflowId: name.replace(".json", ""),
      history: JSON.parse(await readFile(new URL(name, folder), "utf8")) as unknown,
    })),
  );
}

async function replay(workflowBundle: { codePath: string } | { code: string }) {
  const problems: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, await histories())) {
    if (error !== undefined) problems.push(`${workflowId}: ${error.message}`);
  }
  return problems;
}

test("A-103 today's workflows replay every recorded history", async () => {
  expect((await histories()).length).toBeGreaterThanOrEqual(11);
  expect(await replay({ codePath: inject("workflowBundlePath") })).toEqual([]);
});

test("a change that would break running workflows turns this check red", async () => {
  const workflowsPath = fileURLToPath(new URL("./broken/index.ts", import.meta.url));
  const problems = await replay(await bundleWorkflowCode({ workflowsPath, logger: silent }));
  expect(problems.join("\n")).toMatch(/recording-completed: .*(nondeterminism|Nondeterminism|TMPRL1100)/);
});
