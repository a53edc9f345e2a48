import { expect, test } from "vitest";
import { dayOf, isoOf, isPlausible, momentFrom, RecordedAt } from "#domain/recorded.ts";
import { recordedMoment } from "#domain/recorded-in-file.ts";

const recorded = (fileName: string, tags: Record<string, string> = {}, timeZone = "Europe/Berlin") => {
  const moment = recordedMoment({ fileName, tags, timeZone });
  return moment && isoOf(moment);
};

test.for([
  ["2026-01-05 13.30.00.m4a", "2026-01-05T13:30:00+01:00"],
  ["Recording 2026-07-05 at 13.30.m4a", "2026-07-05T13:30:00+02:00"],
  ["20260105_133000.mp3", "2026-01-05T13:30:00+01:00"],
  ["REC-20260105133000.wav", "2026-01-05T13:30:00+01:00"],
  ["GMT20260105-133000_Recording.mp4", "2026-01-05T14:30:00+01:00"],
  ["2026-01-05T13-30-00 standup.webm", "2026-01-05T13:30:00+01:00"],
  ["interview 05.01.2026.mp3", "2026-01-05T12:00:00+01:00"],
  ["board-2026-01-05.mp3", "2026-01-05T12:00:00+01:00"],
  ["2026-02-30 impossible.mp3", null],
  ["call 4915112345678.mp3", null],
  ["version 2.10.2026123.mp3", null],
  ["meeting.m4a", null],
  ["2126-01-05 from the future.m4a", null],
] as const)("a file named %s was recorded at %s", ([name, expected]) => {
  expect(recorded(name)).toBe(expected);
});

test("the container's time goes before the name's, and is told by the clock of the person's zone", () => {
  const name = "2026-02-01 12.00.m4a";
  const creation_time = "2026-01-05T23:30:00.000000Z";
  expect(recorded(name, { creation_time })).toBe("2026-01-06T00:30:00+01:00");
  expect(recorded(name, { creation_time }, "America/New_York")).toBe("2026-01-05T18:30:00-05:00");
  const apple = { creation_time, "com.apple.quicktime.creationdate": "2026-01-06T08:30:00+0900" };
  expect(recorded(name, apple)).toBe("2026-01-06T08:30:00+09:00");
});

test("a field recorder's day and time are by the clock of the zone", () => {
  expect(recorded("a.wav", { date: "2026-01-05", creation_time: "13:30:00" })).toBe("2026-01-05T13:30:00+01:00");
});

test.for(["1904-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z", "2999-01-01T00:00:00Z", "0000-00-00", "yesterday"])(
  "a container that says %s says nothing",
  (creation_time) => {
    expect(recorded("a.m4a", { creation_time })).toBeNull();
    expect(recorded("2026-01-05.m4a", { creation_time })).toBe("2026-01-05T12:00:00+01:00");
  },
);

test("the day is that of the clock there, and what is sent comes back as it was", () => {
  const iso = "2026-01-05T23:30:00-05:00";
  expect(isoOf(momentFrom(iso))).toBe(iso);
  expect(dayOf(momentFrom(iso))).toBe("2026-01-05");
  expect(isoOf(momentFrom("2026-01-05T13:30:00Z"))).toBe("2026-01-05T13:30:00+00:00");
  expect(isoOf(momentFrom("2026-01-05T13:30:00-09:30"))).toBe("2026-01-05T13:30:00-09:30");
  expect(isPlausible(new Date(Number.NaN))).toBe(false);
  for (const wrong of ["2026-01-05", "2026-01-05T13:30:00", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "x"]) {
    expect(RecordedAt.safeParse(wrong).success).toBe(false);
  }
});
