import { describe, expect, test } from "vitest";
import { startConveneSystem } from "./convene.ts";
import type { ConveneSystemOptions } from "./convene.ts";
import { ordinaryMeeting, scenarios } from "./scenarios.ts";
import type { Scenario } from "./scenarios/meeting.ts";

// Some wait for heartbeats that are missed for 20 seconds, on machines that may be busy.
const withinMs = 180_000;
/** In these the process is really killed; most of their time is the time in which it is missed. */
const withKills = new Set([1, 6, 7]);

function testOf({ number, title, run }: Scenario, options: ConveneSystemOptions) {
  test(`weak point ${number}: Convene passes: ${title}`, { timeout: withinMs }, async () => {
    await using system = await startConveneSystem(options);
    await expect(run(system)).resolves.toBeUndefined();
  });
}

test("Convene passes an ordinary meeting", { timeout: withinMs }, async () => {
  await using system = await startConveneSystem();
  await expect(ordinaryMeeting(system)).resolves.toBeUndefined();
});

describe.concurrent("a process that is killed", () => {
  for (const scenario of scenarios) if (withKills.has(scenario.number)) testOf(scenario, { isSpawned: true });
});

describe("all in this process", () => {
  for (const scenario of scenarios) if (!withKills.has(scenario.number)) testOf(scenario, {});
});
