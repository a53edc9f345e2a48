import { expect, test } from "vitest";
import { bytes, clock, dayWords, plural, relative, spokenTime } from "#web/components/ui/format.ts";
import { preciseClock } from "#web/components/podcasts/use-borders.ts";

const now = new Date("2026-11-29T12:00:00Z");
const after = (seconds: number) => relative(new Date(now.getTime() + seconds * 1000), now);

test("moments are told as people say them, and what has just happened never seems to come", () => {
  expect([after(-3 * 86_400), after(-86_400), after(-7_300), after(-60)]).toEqual([
    "3 days ago",
    "yesterday",
    "2 hours ago",
    "1 minute ago",
  ]);
  expect([after(-59), after(0), after(10)]).toEqual(["just now", "just now", "just now"]);
  expect([after(45), after(60), after(3 * 3600)]).toEqual(["in a moment", "in 1 minute", "in 3 hours"]);
});

test("a day is the same everywhere", () => {
  expect([dayWords("2026-11-29"), dayWords(new Date("2026-11-29T00:00:00Z"))]).toEqual(["29 Nov 2026", "29 Nov 2026"]);
});

test("lengths, places and sizes are told with what matters of them", () => {
  expect([clock(75.9), clock(3675), clock(-1)]).toEqual(["1:15", "1:01:15", "0:00"]);
  expect([preciseClock(75.34), preciseClock(25.96), preciseClock(0)]).toEqual(["1:15.3", "0:26.0", "0:00.0"]);
  expect([spokenTime(75), spokenTime(3600), spokenTime(0.2)]).toEqual(["1 min 15 s", "1 h", "0 s"]);
  expect([bytes(0), bytes(1023), bytes(1536), bytes(2 ** 31)]).toEqual(["0 B", "1023 B", "1.5 KB", "2 GB"]);
  expect([plural(1, "try", "tries"), plural(0, "file"), plural(2, "try", "tries")]).toEqual([
    "1 try",
    "0 files",
    "2 tries",
  ]);
});
