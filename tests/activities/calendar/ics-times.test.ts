import { describe, expect, test } from "vitest";
import { calendarText, eventLines, read, readEvents, starts } from "./ics-setup.ts";

const zoneOf = (tzid: string, ...zone: string[]) => {
  const { occurrences } = read(calendarText(...zone, ...eventLines(`DTSTART;TZID=${tzid}:20261030T090000`)));
  return [occurrences[0]?.startsAt.toISOString().slice(11, 16), occurrences[0]?.timeZone];
};

const described = (tzid: string, standard: string, daylight: string, ...more: string[]) => [
  "BEGIN:VTIMEZONE",
  `TZID:${tzid}`,
  ...more,
  "BEGIN:STANDARD",
  "DTSTART:16010101T030000",
  `TZOFFSETFROM:${daylight}`,
  `TZOFFSETTO:${standard}`,
  "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
  "END:STANDARD",
  "BEGIN:DAYLIGHT",
  "DTSTART:16010101T020000",
  `TZOFFSETFROM:${standard}`,
  `TZOFFSETTO:${daylight}`,
  "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
  "END:DAYLIGHT",
  "END:VTIMEZONE",
];

describe("a zone's name", () => {
  test.each([
    ["Europe/Berlin", "08:00", "Europe/Berlin"],
    ["/freeassociation.sourceforge.net/Europe/Berlin", "08:00", "Europe/Berlin"],
    ["/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", "12:00", "America/Argentina/Buenos_Aires"],
    ["W. Europe Standard Time", "08:00", "Europe/Berlin"],
    ["Eastern Standard Time", "13:00", "America/New_York"],
    ['"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', "08:00", "Europe/Berlin"],
    ["(UTC+01:00) Amsterdam, Berlin", "08:00", "Europe/Berlin"],
    ["(UTC-05:00) Eastern Time (US & Canada)", "13:00", "America/New_York"],
    ["tzone://Microsoft/Utc", "09:00", null],
    ["UTC", "09:00", null],
    ["GMT+0530", "03:30", null],
    ["Nowhere/Land", "09:00", null],
    ["Customized Time Zone 1", "09:00", null],
    ["__proto__", "09:00", null],
  ])("%s", (tzid, time, name) => expect(zoneOf(tzid)).toEqual([time, name]));

  test("that says nothing is read by the file's own rules, on both sides of the change", () => {
    const zone = described("Customized Time Zone", "+0200", "+0300");
    const days = ["20261024", "20261026", "20260701", "20150701", "15000101"];
    const events = days.flatMap((day) =>
      eventLines(`UID:${day}`, `DTSTART;TZID=Customized Time Zone:${day}T090000`, "DURATION:PT1H"),
    );
    const window = { from: Date.parse("1400-01-01T00:00:00Z"), to: Date.parse("2027-01-01T00:00:00Z") };
    const { occurrences } = read(calendarText(...events, ...zone), { window });
    expect(occurrences.map(({ startsAt }) => startsAt.toISOString().slice(0, 13))).toEqual([
      "1500-01-01T07",
      "2015-07-01T06",
      "2026-07-01T06",
      "2026-10-24T06",
      "2026-10-26T07",
    ]);
  });

  test("of the file's own rules, on the night of the change itself", () => {
    const times = ["023000", "033000", "040000"].flatMap((time) =>
      eventLines(`UID:${time}`, `DTSTART;TZID=Customized Time Zone:20261025T${time}`),
    );
    const zone = described("Customized Time Zone", "+0200", "+0300").map((line) =>
      line.replace("16010101T030000", "16010101T040000").replace("16010101T020000", "16010101T030000"),
    );
    const { occurrences } = read(calendarText(...zone, ...times));
    expect(occurrences.map(({ startsAt }) => startsAt.toISOString().slice(8, 16))).toEqual([
      "24T23:30",
      "25T00:30",
      "25T02:00",
    ]);
  });

  test("is told by its file where Mozilla's field says it", () => {
    expect(zoneOf("Office", ...described("Office", "+0100", "+0200", "X-LIC-LOCATION:Europe/Paris"))).toEqual([
      "08:00",
      "Europe/Paris",
    ]);
  });

  test("goes before rules that were in force when the file was written", () => {
    expect(zoneOf("Europe/Berlin", ...described("Europe/Berlin", "+0500", "+0600"))[0]).toBe("08:00");
  });

  test("whose own rules cannot be followed is read as no zone", () => {
    const broken = described("Mine", "+0100", "+0200").map((line) => line.replace("YEARLY", "SECONDLY"));
    expect(zoneOf("Mine", ...broken)).toEqual(["09:00", null]);
  });
});

describe("a time without a zone", () => {
  const floating = eventLines("DTSTART:20261030T090000");
  test("is in the calendar's zone, else the one that is given, else UTC", () => {
    const at = (text: string, timeZone: string | null) =>
      read(text, { timeZone }).occurrences[0]?.startsAt.getUTCHours();
    expect(at(calendarText("X-WR-TIMEZONE:America/New_York", ...floating), "Europe/Berlin")).toBe(13);
    expect(at(calendarText("X-WR-TIMEZONE:Office", ...floating), "Europe/Berlin")).toBe(8);
    expect(at(calendarText("X-WR-TIMEZONE:Eastern Standard Time", ...floating), "Europe/Berlin")).toBe(13);
    expect(at(calendarText(...floating), "Europe/Berlin")).toBe(8);
    expect(at(calendarText(...floating), null)).toBe(9);
  });
});

describe("nights on which clocks change", () => {
  const berlin = (...lines: string[]) => starts(eventLines(...lines));
  test("09:00 in Berlin stays 09:00 over the end of summer time", () => {
    expect(berlin("DTSTART;TZID=Europe/Berlin:20261023T090000", "RRULE:FREQ=DAILY;COUNT=4")).toEqual([
      "2026-10-23T07:00",
      "2026-10-24T07:00",
      "2026-10-25T08:00",
      "2026-10-26T08:00",
    ]);
  });

  test("02:30 that comes twice is the first of both", () => {
    expect(berlin("DTSTART;TZID=Europe/Berlin:20261025T023000")).toEqual(["2026-10-25T00:30"]);
  });

  test("02:30 that is leapt over is an hour later by the clock, for a series on that night alone", () => {
    const window = { from: Date.parse("2026-03-01T00:00:00Z"), to: Date.parse("2026-04-30T00:00:00Z") };
    const of = (tzid: string, ...zone: string[]) =>
      read(calendarText(...zone, ...eventLines(`DTSTART;TZID=${tzid}:20260328T023000`, "RRULE:FREQ=DAILY;COUNT=3")), {
        window,
      }).occurrences.map(({ startsAt }) => startsAt.toISOString().slice(0, 16));
    const expected = ["2026-03-28T01:30", "2026-03-29T01:30", "2026-03-30T00:30"];
    expect(of("Europe/Berlin")).toEqual(expected);
    expect(of("Mine", ...described("Mine", "+0100", "+0200"))).toEqual(expected);
  });

  test("an end keeps its distance, days of a duration keep the clock", () => {
    const ends = (...lines: string[]) =>
      readEvents(eventLines("DTSTART;TZID=Europe/Berlin:20261024T220000", ...lines))[0]?.endsAt;
    expect(ends("DURATION:P1D")).toEqual(new Date("2026-10-25T21:00:00Z"));
    expect(ends("DURATION:PT24H")).toEqual(new Date("2026-10-25T20:00:00Z"));
    expect(ends("DTEND;TZID=Europe/Berlin:20261025T060000")).toEqual(new Date("2026-10-25T05:00:00Z"));
  });
});

describe("ends", () => {
  const span = (...lines: string[]) => {
    const [event] = readEvents(eventLines(...lines));
    return event && [event.startsAt.toISOString().slice(0, 16), event.endsAt.toISOString().slice(0, 16)];
  };
  test.each([
    ["none", ["DTSTART:20261030T090000Z"], "2026-10-30T09:00"],
    ["before the start", ["DTSTART:20261030T090000Z", "DTEND:20261030T080000Z"], "2026-10-30T09:00"],
    ["a negative duration", ["DTSTART:20261030T090000Z", "DURATION:-PT1H"], "2026-10-30T09:00"],
    ["a duration that cannot be read", ["DTSTART:20261030T090000Z", "DURATION:PTX"], "2026-10-30T09:00"],
    ["a week", ["DTSTART:20261030T090000Z", "DURATION:P1W"], "2026-11-06T09:00"],
    ["another zone's", ["DTSTART:20261030T090000Z", "DTEND;TZID=Asia/Tokyo:20261030T190000"], "2026-10-30T10:00"],
    ["none of a date", ["DTSTART;VALUE=DATE:20261030"], "2026-10-31T00:00"],
    ["a date's own", ["DTSTART;VALUE=DATE:20261030", "DTEND;VALUE=DATE:20261102"], "2026-11-02T00:00"],
    ["a date's same", ["DTSTART;VALUE=DATE:20261030", "DTEND;VALUE=DATE:20261030"], "2026-10-31T00:00"],
  ])("%s", (_, lines, end) => expect(span(...lines)?.[1]).toBe(end));
});

test("dates that do not exist are passed over, and counted", () => {
  const calendar = read(
    calendarText(
      ...eventLines("UID:1", "DTSTART:20260231T090000Z"),
      ...eventLines("UID:2", "DTSTART:20261030T250000Z"),
      ...eventLines("UID:2a", "DTSTART:20251301T090000Z"),
      ...eventLines("UID:2b", "DTSTART:20261100T090000Z"),
      ...eventLines("UID:3", "DTSTART:tomorrow"),
      ...eventLines("UID:4", "SUMMARY:no start"),
      ...eventLines("UID:5", "DTSTART:20261030T090000Z", "DTSTART:20261031T090000Z"),
    ),
  );
  expect(calendar.occurrences.map(({ uid }) => uid)).toEqual(["5"]);
  expect(calendar.skipped).toEqual([{ reason: "damaged", count: 6 }]);
});

test("an event of all ages touches the window, in years that can be kept", () => {
  const ages = ["DTSTART;TZID=Asia/Tokyo:00010101T000000", "DTEND;TZID=America/New_York:99991231T235959"];
  const [event] = readEvents(eventLines(...ages, "RECURRENCE-ID;TZID=America/New_York:99991231T235959"));
  expect(event).toMatchObject({
    startsAt: new Date("1000-01-01T00:00:00Z"),
    endsAt: new Date("9999-12-31T00:00:00Z"),
    originalStart: "9999-12-31T00:00:00.000Z",
  });
});

test("the window's own edges", () => {
  expect(starts(eventLines("DTSTART:20260930T230000Z", "DTEND:20261001T000000Z"))).toEqual([]);
  expect(starts(eventLines("DTSTART:20260930T230000Z", "DTEND:20261001T000001Z"))).toEqual(["2026-09-30T23:00"]);
  expect(starts(eventLines("DTSTART:20261001T000000Z"))).toEqual(["2026-10-01T00:00"]);
  expect(starts(eventLines("DTSTART:20261130T000000Z", "DURATION:PT1H"))).toEqual([]);
});
