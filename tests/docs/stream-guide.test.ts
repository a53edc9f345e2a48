import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { usedEvents } from "#domain/call-webhook.ts";

test("the guide to Stream tells of every event that is used, and of no other", () => {
  const guide = readFileSync("docs/stream.md", "utf8");
  const told = [...guide.matchAll(/^\| `(call\.\w+)`/gm)].map(([, event]) => event);
  expect(new Set(told)).toEqual(new Set(usedEvents));
});
