import { expect, test } from "vitest";
import { startConveneSystem } from "./convene.ts";
import { ordinaryMeeting, scenarios } from "./scenarios.ts";

// Enough for a killed process to be missed, twice, on a machine that is busy with something else.
const withinMs = 180_000;
/** In these the process is really killed. */
const withKills = [1, 6, 7];

test("Convene passes an ordinary meeting", { timeout: withinMs }, async () => {
  await using system = await startConveneSystem();
  await expect(ordinaryMeeting(system)).resolves.toBeUndefined();
});

for (const { number, title, run } of scenarios) {
  test(`weak point ${number}: Convene passes: ${title}`, { timeout: withinMs }, async () => {
    await using system = await startConveneSystem({ isSpawned: withKills.includes(number) });
    await expect(run(system)).resolves.toBeUndefined();
  });
}
