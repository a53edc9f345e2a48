import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { isInRollout } from "#domain/rollout.ts";

test("A-97 a share of meetings is in, the same ones each time, and more of them with a larger share", () => {
  const ids = Array.from({ length: 5_000 }, () => randomUUID());
  const inAt = (percent: number) => new Set(ids.filter((id) => isInRollout(id, percent)));
  expect(inAt(0).size).toBe(0);
  expect(inAt(100).size).toBe(ids.length);
  expect(inAt(30).size / ids.length).toBeGreaterThan(0.25);
  expect(inAt(30).size / ids.length).toBeLessThan(0.35);
  const more = inAt(30);
  expect([...inAt(10)].every((id) => more.has(id))).toBe(true);
});
