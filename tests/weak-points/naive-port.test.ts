import { expect, test } from "vitest";
import { openProcessingPage } from "#bench/naive/meetings/page.ts";
import { createRetry } from "#bench/naive/meetings/retry.ts";
import { createTurnedClock } from "./naive/page.ts";

test("the port retries as the reference design does: four attempts, doubling waits, the last message only (A-18, A-19, A-20)", async () => {
  const waits: number[] = [];
  let attempts = 0;
  const withRetry = createRetry({
    log: () => {},
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  const fail = () => Promise.reject(new Error(`no ${(attempts += 1)}`));
  await expect(withRetry(fail)).rejects.toThrow("Failed after 4 attempts: no 4");
  expect(waits).toEqual([1000, 2000, 4000]);
});

test("the port's page moves its bar by the clock and polls at widening intervals (A-77, A-80, A-82)", async () => {
  const clock = createTurnedClock();
  const polls: number[] = [];
  let status = "processing";
  let redirectedAt: number | null = null;
  const page = openProcessingPage({
    clock,
    fetchStatus: () => {
      polls.push(Math.round(clock.now()));
      return Promise.resolve({ status });
    },
    redirect: () => void (redirectedAt = clock.now()),
    logError: () => {},
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  await clock.turn(3_000, settle);
  expect(page.state()).toMatchObject({ progress: 17, elapsedTime: 3, status: "processing" });
  await clock.turn(15_000, settle);
  expect(page.state()).toMatchObject({ progress: 85, elapsedTime: 18 });
  expect(polls).toEqual([1000, 2200, 3640, 5368, 7442, 9930, 12_916, 15_916]);
  status = "completed";
  await clock.turn(3_000, settle);
  expect(page.state()).toMatchObject({ progress: 100, status: "completed" });
  expect(redirectedAt).toBeCloseTo(18_916 + 1500, -1);
});
