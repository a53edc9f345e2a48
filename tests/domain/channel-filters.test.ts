import { expect, test } from "vitest";
import { ChannelFilters, filterItem } from "#domain/channels/filters.ts";

const now = new Date("2026-11-28T12:00:00Z");
const talk = { title: "Sunday Talk: Café life", durationSeconds: 1_800, publishedAt: new Date("2026-11-27T12:00:00Z") };
const decide = (filters: Partial<ChannelFilters>, item: Partial<typeof talk> | Record<string, null> = {}, newer = 0) =>
  filterItem({ ...talk, ...item }, ChannelFilters.parse(filters), { now, newer });
const taken = { take: true };
const left = (reason: string) => ({ take: false, reason });

test("without filters all is taken", () => {
  expect(decide({})).toEqual(taken);
  expect(decide({}, { durationSeconds: null, publishedAt: null }, 10_000)).toEqual(taken);
});

test.each([["sunday talk"], ["CAFE"], ["cafe\u0301"], ["café"], ["Talk:"]])(
  "a title holds “%s” whatever its case and accents",
  (word) => {
    expect(decide({ includeWords: ["absent", word] })).toEqual(taken);
    expect(decide({ excludeWords: [word] })).toEqual(left(`Its title holds “${word}”.`));
  },
);

test.each([["sun"], ["alk"], ["S.*"], ["(a+)+$"], ["[a-z]"]])("“%s” is no word of it, and no pattern", (word) => {
  expect(decide({ excludeWords: [word] })).toEqual(taken);
  expect(decide({ includeWords: [word] })).toEqual(left(`Its title holds none of “${word}”.`));
});

test("scripts without spaces, and their marks, are held as they are", () => {
  expect(decide({ includeWords: ["가족"] }, { title: "오늘의 가족이야기" })).toEqual(taken);
  expect(decide({ includeWords: ["が"] }, { title: "かく" })).toEqual(left("Its title holds none of “が”."));
});

test("empty words are none", () => {
  expect(decide({ includeWords: [" \u0000 ", ""] })).toEqual(taken);
});

test("an excluded word counts before an included one", () => {
  expect(decide({ includeWords: ["Talk"], excludeWords: ["Sunday"] })).toMatchObject({ take: false });
});

test.each([
  [{ minSeconds: 1_800 }, taken],
  [{ minSeconds: 1_801 }, left("It is shorter than 30:01: 30:00.")],
  [{ maxSeconds: 1_800 }, taken],
  [{ maxSeconds: 1_799 }, left("It is longer than 29:59: 30:00.")],
  [{ maxAgeDays: 1 }, taken],
])("%o", (filters, decision) => expect(decide(filters)).toEqual(decision));

test("age and place among the newest", () => {
  const old = { publishedAt: new Date("2026-11-20T00:00:00Z") };
  expect(decide({ maxAgeDays: 8 }, old)).toEqual(left("It is older than 8 days."));
  expect(decide({ maxAgeDays: 9 }, old)).toEqual(taken);
  expect(decide({ keepLast: 2 }, {}, 1)).toEqual(taken);
  expect(decide({ keepLast: 2 }, {}, 2)).toEqual(left("It is not among the newest 2."));
});

test("what a source does not say keeps nothing out", () => {
  const silent = { durationSeconds: null, publishedAt: null };
  expect(decide({ minSeconds: 60, maxSeconds: 90, maxAgeDays: 1 }, silent)).toEqual(taken);
});

test.each([
  [{ minSeconds: 2, maxSeconds: 1 }],
  [{ minSeconds: 0 }],
  [{ maxAgeDays: 1.5 }],
  [{ keepLast: 1e9 }],
  [{ excludeWords: Array.from({ length: 51 }, String) }],
])("%o are no filters", (filters) => expect(ChannelFilters.safeParse(filters).success).toBe(false));
