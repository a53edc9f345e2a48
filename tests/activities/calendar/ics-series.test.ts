import { describe, expect, test } from "vitest";
import { calendarText, eventLines, read, readEvents, starts } from "./ics-setup.ts";

const weekly = eventLines(
  "DTSTART;TZID=Europe/Berlin:20261005T090000",
  "DURATION:PT1H",
  "RRULE:FREQ=WEEKLY;COUNT=4",
  "SUMMARY:Series",
);
const change = (id: string, ...lines: string[]) => eventLines(`RECURRENCE-ID;TZID=Europe/Berlin:${id}`, ...lines);

describe("rules", () => {
  const of = (rule: string, ...more: string[]) =>
    starts(eventLines("DTSTART;TZID=Europe/Berlin:20261005T090000", "DURATION:PT1H", rule, ...more));

  test.each([
    ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", ["2026-10-05T07:00", "2026-10-07T07:00", "2026-10-12T07:00"]],
    [
      "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2",
      ["2026-10-05T07:00", "2026-10-30T08:00", "2026-11-30T08:00"],
    ],
    ["RRULE:FREQ=DAILY;UNTIL=20261007T070000Z", ["2026-10-05T07:00", "2026-10-06T07:00", "2026-10-07T07:00"]],
    ["RRULE:FREQ=DAILY;UNTIL=20261007T065959Z", ["2026-10-05T07:00", "2026-10-06T07:00"]],
    ["RRULE:FREQ=DAILY;UNTIL=20261006", ["2026-10-05T07:00", "2026-10-06T07:00"]],
    ["RRULE:FREQ=DAILY;UNTIL=20261006T090000", ["2026-10-05T07:00", "2026-10-06T07:00"]],
    ["rrule:freq=daily;count=2;x-other=1", ["2026-10-05T07:00", "2026-10-06T07:00"]],
  ])("%s", (rule, expected) =>
    expect(of(rule).filter((start) => start < "2026-11-30")).toEqual(expected.filter((start) => start < "2026-11-30")),
  );

  test("a series that began long ago and has no end", () => {
    expect(
      starts(eventLines("DTSTART;TZID=Europe/Berlin:19700105T090000", "RRULE:FREQ=WEEKLY;INTERVAL=4")).length,
    ).toBe(2);
  });

  test("two times of which the clocks leap over one are one occurrence", () => {
    const hourly = eventLines("DTSTART;TZID=Europe/Berlin:20260329T010000", "RRULE:FREQ=HOURLY;COUNT=4");
    const window = { from: Date.parse("2026-03-01T00:00:00Z"), to: Date.parse("2026-04-01T00:00:00Z") };
    const { occurrences } = read(calendarText(...hourly), { window });
    expect(occurrences.map(({ originalStart }) => originalStart.slice(11, 13))).toEqual(["00", "01", "02"]);
  });

  test("what is added and taken out, by time, by date and by another zone's clock", () => {
    const daily = "RRULE:FREQ=DAILY;COUNT=4";
    expect(of(daily, "EXDATE;TZID=Europe/Berlin:20261006T090000,20261007T090000")).toEqual([
      "2026-10-05T07:00",
      "2026-10-08T07:00",
    ]);
    expect(of(daily, "EXDATE:20261005T070000Z", "EXDATE;VALUE=DATE:20261006")).toEqual([
      "2026-10-07T07:00",
      "2026-10-08T07:00",
    ]);
    expect(of("RDATE:20261006T100000Z,20261005T070000Z")).toEqual(["2026-10-05T07:00", "2026-10-06T10:00"]);
    const [, added] = readEvents(eventLines("DTSTART:20261005T090000Z", "RDATE;VALUE=PERIOD:20261006T090000Z/PT3H"));
    expect(added?.endsAt).toEqual(new Date("2026-10-06T12:00:00Z"));
  });

  test("a series of dates stays on its dates", () => {
    const days = eventLines("DTSTART;VALUE=DATE:20261024", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261025");
    const { occurrences } = read(calendarText("X-WR-TIMEZONE:Europe/Berlin", ...days));
    expect(occurrences.map(({ startsAt, endsAt }) => [startsAt.toISOString(), endsAt.toISOString()])).toEqual([
      ["2026-10-23T22:00:00.000Z", "2026-10-24T22:00:00.000Z"],
      ["2026-10-25T23:00:00.000Z", "2026-10-26T23:00:00.000Z"],
    ]);
  });

  test.each([
    ["RRULE:FREQ=SECONDLY", "too_frequent"],
    ["RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5", "too_frequent"],
    ["RRULE:FREQ=DAILY;INTERVAL=0", "rule_unreadable"],
    ["RRULE:FREQ=NEVER", "rule_unreadable"],
  ])("a rule that is not followed leaves the first occurrence: %s", (rule, reason) => {
    const calendar = read(calendarText(...eventLines("DTSTART:20261005T090000Z", rule)));
    expect(calendar.occurrences).toHaveLength(1);
    expect(calendar.skipped).toEqual([{ reason, count: 1 }]);
  });
});

describe("changes of single occurrences", () => {
  const found = (...events: string[][]) =>
    readEvents(...events).map(({ startsAt, title, originalStart, isCancelled }) =>
      [
        startsAt.toISOString().slice(5, 13),
        title,
        originalStart.slice(5, 13),
        ...(isCancelled ? ["cancelled"] : []),
      ].join(" "),
    );

  test("moved, retitled, cancelled: each keeps its place in the series", () => {
    const moved = change(
      "20261012T090000",
      "DTSTART;TZID=Europe/Berlin:20261013T140000",
      "DURATION:PT1H",
      "SUMMARY:Moved",
    );
    const cancelled = change("20261019T090000", "STATUS:CANCELLED");
    expect(found(moved, weekly, cancelled)).toEqual([
      "10-05T07 Series 10-05T07",
      "10-13T12 Moved 10-12T07",
      "10-19T07 Series 10-19T07 cancelled",
      "10-26T08 Series 10-26T08",
    ]);
  });

  test("moved into the window from outside, and out of it", () => {
    const series = eventLines("DTSTART:20260907T090000Z", "RRULE:FREQ=WEEKLY;COUNT=5", "SUMMARY:S");
    const inwards = eventLines("RECURRENCE-ID:20260914T090000Z", "DTSTART:20261002T090000Z", "SUMMARY:In");
    const outwards = eventLines("RECURRENCE-ID:20261005T090000Z", "DTSTART:20270105T090000Z", "SUMMARY:Out");
    expect(found(series, inwards, outwards)).toEqual(["10-02T09 In 09-14T09"]);
  });

  test("moved to before the window, and as long as its series", () => {
    const series = eventLines("DTSTART:20260907T090000Z", "DURATION:P5D", "RRULE:FREQ=MONTHLY;COUNT=1", "SUMMARY:S");
    const moved = eventLines("RECURRENCE-ID:20260907T090000Z", "DTSTART:20260927T090000Z", "SUMMARY:Long");
    expect(found(series, moved)).toEqual(["09-27T09 Long 09-07T09"]);
  });

  test("named in UTC, by its date alone, or without its series", () => {
    const inUtc = eventLines("RECURRENCE-ID:20261012T070000Z", "DTSTART:20261012T120000Z", "SUMMARY:Utc");
    const byDate = eventLines("RECURRENCE-ID;VALUE=DATE:20261019", "DTSTART:20261019T120000Z", "SUMMARY:Date");
    expect(found(weekly, inUtc, byDate).slice(1, 3)).toEqual(["10-12T12 Utc 10-12T07", "10-19T12 Date 10-19T07"]);
    expect(found(inUtc)).toEqual(["10-12T12 Utc 10-12T07"]);
  });

  test("named twice, by UTC and by the zone's clock: the newer counts", () => {
    const newer = eventLines("RECURRENCE-ID:20261012T070000Z", "SEQUENCE:2", "DTSTART:20261012T120000Z", "SUMMARY:New");
    const older = change("20261012T090000", "SEQUENCE:1", "DTSTART:20261012T150000Z", "SUMMARY:Old");
    expect(found(weekly, newer, older)[1]).toBe("10-12T12 New 10-12T07");
    expect(found(weekly, newer, older)).toHaveLength(4);
  });

  test("one occurrence and all later ones, with one of them changed again", () => {
    const later = eventLines(
      "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261012T090000",
      "DTSTART;TZID=Europe/Berlin:20261013T100000",
      "DURATION:PT2H",
      "SUMMARY:Later",
    );
    const again = change("20261026T090000", "DTSTART;TZID=Europe/Berlin:20261026T160000", "SUMMARY:Again");
    expect(found(weekly, later, again)).toEqual([
      "10-05T07 Series 10-05T07",
      "10-13T08 Later 10-12T07",
      "10-20T08 Later 10-19T07",
      "10-26T15 Again 10-26T08",
    ]);
    expect(readEvents(weekly, later)[1]?.endsAt).toEqual(new Date("2026-10-13T10:00:00Z"));
  });
});

describe("versions of one event", () => {
  const version = (sequence: number, stamp: string, title: string) => [
    "BEGIN:VEVENT",
    "UID:1",
    `SEQUENCE:${sequence}`,
    `DTSTAMP:${stamp}`,
    "DTSTART:20261005T090000Z",
    `SUMMARY:${title}`,
    "END:VEVENT",
  ];
  test("the highest number counts, then the latest stamp, then the last in the file", () => {
    const titles = (...events: string[][]) => readEvents(...events).map(({ title }) => title);
    expect(titles(version(2, "20260101T000000Z", "new"), version(1, "20260601T000000Z", "old"))).toEqual(["new"]);
    expect(titles(version(1, "20260601T000000Z", "new"), version(1, "20260101T000000Z", "old"))).toEqual(["new"]);
    expect(titles(version(1, "20260101T000000Z", "old"), version(1, "20260101T000000Z", "new"))).toEqual(["new"]);
  });

  test("a later version that moved out of the window takes the earlier one with it", () => {
    const gone = version(2, "20260101T000000Z", "x").map((line) => line.replace("20261005", "20270105"));
    expect(readEvents(version(1, "20260101T000000Z", "x"), gone)).toEqual([]);
  });

  test("a file that calls all off, and events that are called off", () => {
    expect(
      read(calendarText("METHOD:CANCEL", ...version(1, "20260101T000000Z", "x"))).occurrences[0]?.isCancelled,
    ).toBe(true);
    expect(readEvents(eventLines("DTSTART:20261005T090000Z", "STATUS:CANCELLED"))[0]?.isCancelled).toBe(true);
    expect(readEvents(eventLines("DTSTART:20261005T090000Z", "STATUS:TENTATIVE"))[0]).toMatchObject({
      isCancelled: false,
      isTentative: true,
    });
  });
});
