import { expect, test } from "vitest";
// By their paths: the name `#domain/timing.ts` stands for the short ones here.
import { timing as real } from "../../domain/timing.ts";
import { timing as short } from "../setup/short-timing.ts";

test.each([
  ["real", real],
  ["short", short],
])("%s durations: a meeting waits longer for its agent's last words than they may take", (_name, timing) => {
  const { shortLingerMs, lingerMs, lastWordsMs, drainMs } = timing;
  expect(drainMs).toBeGreaterThan(shortLingerMs + lingerMs + lastWordsMs);
});
