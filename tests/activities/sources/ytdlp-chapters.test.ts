import { expect, test } from "vitest";
import { chaptersOf } from "#activities/clients/sources/youtube/ytdlp/chapters.ts";

test.each([
  "",
  "NA",
  "null",
  "{}",
  '[{"title": "No time"}]',
  '[{"start_time": -1, "title": "x"}]',
  '[{"start_time": 0',
])("“%s” is no list of chapters", (printed) => {
  expect(chaptersOf(printed)).toEqual([]);
});

test("of a list those are chapters that somebody named, in one line, and as many as an episode can have", () => {
  const named = [
    { start_time: 0, title: "<Untitled Chapter 1>" },
    { start_time: 5, title: " Two\nlines " },
    { start_time: 6, title: "\u0000" },
    { start_time: 7, title: "x".repeat(1_000) },
    { start_time: 8 },
  ];
  expect(chaptersOf(JSON.stringify(named))).toEqual([
    { startSeconds: 5, title: "Two lines" },
    { startSeconds: 7, title: "x".repeat(300) },
  ]);
  const many = Array.from({ length: 2_000 }, (_, at) => ({ start_time: at, title: `Chapter ${at}` }));
  expect(chaptersOf(JSON.stringify(many))).toHaveLength(500);
});
