import { expect, test } from "vitest";
import { startConveneSystem } from "./convene.ts";
import type { Scenario } from "./scenarios/meeting.ts";

// Enough for a killed process to be missed, twice, on a machine that is busy with something else.
export const withinMs = 180_000;

/** In these the process is really killed: they belong to the faults. */
const withKills = [1, 6, 7];

/** A test for each scenario in which no process is killed, or (`isKilling`) for each of the others. */
export function testConvene(scenarios: Scenario[], { isKilling = false } = {}): void {
  for (const { number, title, run } of scenarios.filter((each) => withKills.includes(each.number) === isKilling)) {
    test(`weak point ${number}: Convene passes: ${title}`, { timeout: withinMs }, async () => {
      await using system = await startConveneSystem({ isSpawned: isKilling });
      await expect(run(system)).resolves.toBeUndefined();
    });
  }
}
