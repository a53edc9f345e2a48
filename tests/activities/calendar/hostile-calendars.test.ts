import { describe, expect, test } from "vitest";
import { CalendarUnreadable } from "#activities/clients/calendar/calendar-unreadable.ts";
import { readCalendar } from "#activities/clients/calendar/read-calendar.ts";
import type { CalendarLimits } from "#activities/clients/calendar/read-calendar.ts";
import { processorTime } from "#tests/setup/processor-time.ts";
import { autumn, bytesOf, calendarText, eventLines, read } from "./ics-setup.ts";

const window = { from: new Date(autumn.from), to: new Date(autumn.to) };
const readText = (text: string, limits: CalendarLimits = {}) => readCalendar(bytesOf(text), window, limits);
const refusal = (text: string, limits: CalendarLimits = {}) =>
  readText(text, limits).then(
    () => "read",
    (error: unknown) => (error instanceof CalendarUnreadable ? error.code : error),
  );

const event = (...lines: string[]) => eventLines("DTSTART:20261005T090000Z", ...lines);
const repeated = (count: number, of: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => of(at)).join("\r\n");

describe("what is no calendar as a whole", () => {
  test.each([
    ["nothing", "", "not_a_calendar"],
    ["a page", "<!doctype html><title>Sign in</title>", "not_a_calendar"],
    ["a calendar's events alone", event().join("\r\n"), "not_a_calendar"],
    ["a file that breaks off between events", calendarText(...event()).replace("END:VCALENDAR", ""), "damaged"],
    ["a file that breaks off within an event", calendarText(...event()).slice(0, 90), "damaged"],
  ])("%s", (_, text, code) => expect(() => read(text)).toThrow(expect.objectContaining({ code })));

  test("more bytes than are read", async () => {
    expect(await refusal(calendarText(...event()), { bytes: 100 })).toBe("too_large");
  });

  test("the message says what to do", async () => {
    await expect(readText("<html>")).rejects.toThrow("Copy the address in iCal format");
  });
});

test("a reading that takes too long ends, and this process goes on meanwhile", async () => {
  // Each rule is searched for years; there are more of them than can be searched in a second.
  const rules = repeated(20_000, (at) => event(`UID:${at}`, "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30").join("\r\n"));
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 10);
  expect(await refusal(calendarText(rules), { deadlineMs: 1_000 })).toBe("too_slow");
  clearInterval(beat);
  expect(turns).toBeGreaterThan(20);
});

test("a reading that takes too much memory ends", async () => {
  const people = repeated(200, (at) => `ATTENDEE;CN=${at}:mailto:a${at}@example.com`);
  const text = calendarText(repeated(2_000, (at) => event(`UID:${at}`, people).join("\r\n")));
  expect(await refusal(text, { heapMb: 16, bytes: 50_000_000 })).toBe("too_large");
});

test("a reading that nobody waits for ends", async () => {
  const rules = repeated(20_000, (at) => event(`UID:${at}`, "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30").join("\r\n"));
  await expect(readText(calendarText(rules), { signal: AbortSignal.timeout(300) })).rejects.toThrow("timeout");
});

test("of more occurrences than are kept, those that begin first are", async () => {
  const text = calendarText(
    ...event("UID:1", "RRULE:FREQ=HOURLY"),
    ...eventLines("UID:2", "DTSTART:20261004T090000Z", "RRULE:FREQ=DAILY"),
  );
  const { occurrences, skipped } = await readText(text, { occurrences: 3 });
  expect(occurrences.map(({ uid, startsAt }) => `${uid} ${startsAt.toISOString().slice(5, 13)}`)).toEqual([
    "2 10-04T09",
    "1 10-05T09",
    "2 10-05T09",
  ]);
  expect(skipped).toEqual([{ reason: "too_many", count: expect.any(Number) }]);
});

const parameters = `ATTENDEE;${repeated(50_000, (at) => `X${at}="a;b:c"`).replaceAll("\r\n", ";")}:mailto:a@example.com`;

const changes = Array.from({ length: 10_000 }, (_, at) =>
  [
    "END:VEVENT",
    "BEGIN:VEVENT",
    "UID:odd",
    `RECURRENCE-ID;RANGE=THISANDFUTURE:${20_270_101 + at}`,
    `DTSTART:20261005T090000Z`,
  ].join("\r\n"),
);

describe("what is odd within a calendar is passed over, and the rest is read", () => {
  test.each([
    ["a line of nine million characters", [`DESCRIPTION:${"x".repeat(9_000_000)}`]],
    ["a name of a million characters", ["X".repeat(1_000_000)]],
    [
      "quotes that never end",
      [`ATTENDEE;CN="${"a;b:".repeat(100_000)}`, `ATTENDEE;CN=${'"'.repeat(100_001)}:mailto:a@b`],
    ],
    ["a hundred thousand parameters", [parameters]],
    ["backslashes", [`SUMMARY:${"\\".repeat(1_000_000)}`, `LOCATION:${"\\,".repeat(500_000)}`]],
    ["folds without end", [`DESCRIPTION:${"\r\n ".repeat(1_000_000)}`]],
    ["components within components", ["BEGIN:A\r\n".repeat(300_000)]],
    ["ends of what never began", ["END:A\r\n".repeat(300_000)]],
    ["an event within an event", ["BEGIN:VEVENT", "UID:2", "DTSTART:20261005T090000Z", "END:VEVENT"]],
    ["a hundred thousand dates", [`EXDATE:${repeated(100_000, () => "20261006T090000Z").replaceAll("\r\n", ",")}`]],
    ["NUL", ["DESCRIPTION:a\0b", "\0"]],
    ["a rule of a million parts", [`RRULE:FREQ=DAILY;BYMONTHDAY=${"1,".repeat(500_000)}1`]],
    [
      "a rule of a hundred days to set",
      ["RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=1,2,3,4,5,6,7,8;BYSETPOS=-1,1,366"],
    ],
    ["a rule of a thousand million times", ["RRULE:FREQ=DAILY;COUNT=1000000000"]],
    ["a rule that never comes", ["RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"]],
    ["a length of an age", ["DURATION:P99999W"]],
    ["ten thousand changes of all that follows", changes],
    ["ten thousand rules", [repeated(10_000, (at) => `RRULE:FREQ=DAILY;INTERVAL=${at + 1}`)]],
  ])("%s", (_, lines) => {
    const used = processorTime();
    const { occurrences } = read(calendarText(...event("UID:odd", ...lines), ...event("UID:good")));
    expect(occurrences.map(({ uid }) => uid)).toContain("good");
    expect(used()).toBeLessThan(5_000);
  });

  test("names that objects have by themselves", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const text = calendarText(
      ...names.flatMap((name) =>
        event(
          `UID:${name}`,
          `${name}:x`,
          `X-${name}:x`,
          `ATTENDEE;${name}=x;PARTSTAT=${name}:mailto:${name}@example.com`,
        ),
      ),
    );
    const { occurrences } = read(text);
    expect(occurrences.map(({ uid, attendees }) => [uid, attendees[0]?.response])).toEqual(
      names.map((name) => [name, "needs_action"]),
    );
  });
});

test("of tens of thousands of events, those in the window are found", async () => {
  const events = repeated(30_000, (at) => {
    const year = 2000 + (at % 30);
    return ["BEGIN:VEVENT", `UID:${at}`, `DTSTART;TZID=Europe/Berlin:${year}1005T090000`, "END:VEVENT"].join("\r\n");
  });
  const { occurrences, skipped } = await readText(calendarText(events), { occurrences: 800 });
  expect(occurrences).toHaveLength(800);
  expect(skipped).toEqual([{ reason: "too_many", count: 200 }]);
});

test("readings that end badly are in nobody's way, however many there are at once", async () => {
  const rules = repeated(20_000, (at) => event(`UID:${at}`, "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30").join("\r\n"));
  const slow = calendarText(rules);
  const good = calendarText(...event("UID:good"));
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      at % 3 === 0 ? refusal(slow, { deadlineMs: 300 }) : at % 3 === 1 ? refusal("<html>") : refusal(good),
    ),
  );
  expect(answers).toEqual(
    Array.from({ length: 12 }, (_, at) => (at % 3 === 0 ? "too_slow" : at % 3 === 1 ? "not_a_calendar" : "read")),
  );
  const { occurrences } = await readText(good);
  expect(occurrences.map(({ uid }) => uid)).toEqual(["good"]);
});
