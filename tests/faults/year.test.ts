import { expect, test } from "vitest";
import { tableOf } from "#tests/simulate/year/report.ts";
import { playYear } from "#tests/simulate/year/year.ts";

test("a calendar year in short: one bot in every meeting that is to be joined, none in any other, none left behind", async () => {
  const report = await playYear({
    users: 60,
    events: 2_000,
    minutes: 1.6,
    seed: 2026,
    kills: 4,
    perSecond: 1,
    // On a busy machine a killed process takes its time to be back.
    graceSeconds: 180,
    log: null,
    say: console.log,
  });
  console.log(tableOf(report));
  expect(report.problems).toEqual([]);
});
