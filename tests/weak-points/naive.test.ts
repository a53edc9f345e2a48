import { AssertionError } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { startNaiveSystem } from "./naive.ts";
import type { NaiveSystemOptions } from "./naive.ts";
import { ordinaryMeeting, scenarios } from "./scenarios.ts";

// The kept red output. `RECORD_WEAK_POINTS=1 npx vitest run tests/weak-points/naive.test.ts` writes it anew.
const record = "bench/naive/weak-points.txt";
const isRecording = process.env["RECORD_WEAK_POINTS"] === "1";

const optionsOf: Record<number, NaiveSystemOptions> = {
  // The process is really killed.
  1: { isSpawned: true },
  // Where a start for an active meeting is refused, no second process ever counts in a call (weak point 6 hides 7).
  7: { startsWhenActive: true },
};

const header = `What the suite of weak points says of the reference design: each of the 25 scenarios fails on its port.
Written by RECORD_WEAK_POINTS=1 npx vitest run tests/weak-points/naive.test.ts
`;
const red = new Map<number, string>();
const kept = isRecording ? "" : await readFile(record, "utf8");

test("the naive design passes an ordinary meeting", async () => {
  await using system = await startNaiveSystem();
  await expect(ordinaryMeeting(system)).resolves.toBeUndefined();
});

test("there is a scenario for each of the weak points 1 to 25", () => {
  expect(scenarios.map(({ number }) => number)).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
});

for (const { number, title, run } of scenarios) {
  test(`weak point ${number}: the naive design fails: ${title}`, async () => {
    await using system = await startNaiveSystem(optionsOf[number]);
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
  const all = [...red].sort(([a], [b]) => a - b).map(([, lines]) => lines);
  await writeFile(record, [header, ...all].join("\n"));
});
