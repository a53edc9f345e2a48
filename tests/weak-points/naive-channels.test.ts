import { AssertionError } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { startNaiveJobs } from "./channels/naive.ts";
import { jobScenarios, ordinaryVideo, workerApart } from "./channels/scenarios.ts";
import { screenScenarios } from "./channels/screen-scenarios.ts";

// The kept red output. `RECORD_WEAK_POINTS=1 npx vitest run --config vitest.weak-points.config.ts` writes it anew.
const record = "bench/naive/channel-weak-points.txt";
const isRecording = process.env["RECORD_WEAK_POINTS"] === "1";
const scenarios = [...jobScenarios, ...screenScenarios, workerApart].toSorted((a, b) => a.number - b.number);

const header = `What the suite of weak points says of the reference design's channels: each of these fails on its port.
Written by RECORD_WEAK_POINTS=1 npm run weak-points -- naive-channels
`;
const red = new Map<number, string>();
const kept = isRecording ? "" : await readFile(record, "utf8");

test("the naive design passes an ordinary video", async () => {
  await using system = await startNaiveJobs();
  await expect(ordinaryVideo(system)).resolves.toBeUndefined();
});

for (const { number, title, run } of scenarios) {
  test(`weak point D ${number}: the naive design fails: ${title}`, async () => {
    await using system = await startNaiveJobs({ isWorkerApart: number === workerApart.number });
    const failure = await run(system).then(
      () => null,
      (error: unknown) => error,
    );
    if (!(failure instanceof AssertionError)) throw failure ?? new Error("the weak point did not show");
    const lines = `${String(number).padStart(2)}. ${title}\n    ${failure.message}\n`;
    red.set(number, lines);
    // It fails for the reason on record and for no other.
    expect(isRecording ? lines : kept).toContain(lines);
  });
}

afterAll(async () => {
  if (!isRecording) return;
  const all = [...red].toSorted(([a], [b]) => a - b).map(([, lines]) => lines);
  await writeFile(record, [header, ...all].join("\n"));
});
