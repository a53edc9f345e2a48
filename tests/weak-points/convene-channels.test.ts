import { expect, test } from "vitest";
import { startConveneJobs } from "./channels/convene.ts";
import { jobScenarios, ordinaryVideo, workerApart } from "./channels/scenarios.ts";
import { screenScenarios } from "./channels/screen-scenarios.ts";

const withinMs = 120_000;

test("an ordinary video passes", { timeout: withinMs }, async () => {
  await using system = await startConveneJobs();
  await expect(ordinaryVideo(system)).resolves.toBeUndefined();
});

for (const { number, title, run } of [...jobScenarios, ...screenScenarios, workerApart].toSorted(
  (a, b) => a.number - b.number,
)) {
  test(`weak point D ${number}: Convene passes: ${title}`, { timeout: withinMs }, async () => {
    await using system = await startConveneJobs();
    await expect(run(system)).resolves.toBeUndefined();
  });
}
