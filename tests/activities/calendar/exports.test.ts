import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readIcs } from "#activities/clients/calendar/ics-calendar.ts";

const window = { from: Date.parse("2026-10-01T00:00:00Z"), to: Date.parse("2026-11-10T00:00:00Z") };

function readFixture(name: string) {
  const bytes = readFileSync(new URL(`../../fixtures/calendars/${name}.ics`, import.meta.url));
  return readIcs(bytes, { window, mostOccurrences: 100, timeZone: null, jitsiHosts: [], addresses: [] });
}

const brief = ({ occurrences }: ReturnType<typeof readFixture>) =>
  occurrences.map(({ startsAt, title, meeting }) => [
    startsAt.toISOString().slice(0, 16),
    title,
    meeting?.room ?? null,
  ]);

test("B-72 B-75 an export of Google", () => {
  const calendar = readFixture("google");
  expect(calendar).toMatchObject({ name: "Pat Example", timeZone: "Europe/Berlin", skipped: [] });
  expect(brief(calendar)).toEqual([
    ["2026-10-05T07:00", "Wöchentliche Runde", "abc-mnop-xyz"],
    ["2026-10-20T12:00", "Wöchentliche Runde (verschoben)", "abc-mnop-xyz"],
    ["2026-10-22T13:00", "Demo for Acme", "12345678901"],
    ["2026-10-26T08:00", "Wöchentliche Runde", "abc-mnop-xyz"],
    ["2026-10-30T23:00", "Reformationstag", null],
    ["2026-11-02T08:00", "Wöchentliche Runde", "abc-mnop-xyz"],
    ["2026-11-09T08:00", "Wöchentliche Runde", "abc-mnop-xyz"],
  ]);
  const [weekly, moved, demo, , holiday, cancelled] = calendar.occurrences;
  expect(weekly).toMatchObject({
    originalStart: "2026-10-05T07:00:00.000Z",
    timeZone: "Europe/Berlin",
    organizer: "pat@example.com",
    attendees: [
      { email: "pat@example.com", name: "Pat Example", response: "accepted" },
      { email: "kim@example.com", name: "kim@example.com", response: "needs_action" },
    ],
  });
  expect(weekly?.description).toMatch(/^Größe der nächsten Lieferung, Zahlen für Q4 – ä{16}\n\n/);
  expect(moved).toMatchObject({ originalStart: "2026-10-19T07:00:00.000Z", description: "" });
  expect(moved?.attendees).toEqual([{ email: "pat@example.com", name: "Pat Example", response: "declined" }]);
  expect(demo).toMatchObject({ originalStart: "", isTentative: true, timeZone: null });
  expect(holiday).toMatchObject({ isAllDay: true, endsAt: new Date("2026-10-31T23:00:00Z") });
  expect(cancelled).toMatchObject({ isCancelled: true });
});

test("an export of Outlook, with zones of Windows' names and of none", () => {
  const calendar = readFixture("outlook");
  const room = "19:meeting_MDEyMzQ1Njc4OWFiY2RlZg@thread.v2/0";
  expect(calendar).toMatchObject({ name: "Kalender", timeZone: null, skipped: [] });
  expect(brief(calendar)).toEqual([
    ["2026-10-06T08:00", "Team sync", room],
    ["2026-10-14T22:00", "Day of training", null],
    ["2026-10-21T14:30", "Team sync", room],
    ["2026-10-26T07:00", "Review with Helsinki", "acme/meet/pat.example"],
    ["2026-10-27T09:00", "Team sync", room],
    ["2026-11-03T09:00", "Team sync", room],
  ]);
  const [first, training, moved, review] = calendar.occurrences;
  expect(first?.timeZone).toBe("Europe/Berlin");
  expect(training?.isAllDay).toBe(true);
  expect(moved).toMatchObject({ originalStart: "2026-10-20T08:00:00.000Z", isTentative: true });
  expect(review?.timeZone).toBeNull();
});

test("an export of Apple, whose series was moved from one day on", () => {
  const calendar = readFixture("apple");
  expect(calendar).toMatchObject({ name: "Work", timeZone: "America/New_York", skipped: [] });
  expect(brief(calendar)).toEqual([
    ["2026-10-30T13:30", "Daily", "meet.jit.si/exampledaily"],
    ["2026-10-31T15:00", "Daily (later)", "meet.jit.si/exampledaily"],
    ["2026-11-01T16:00", "Daily (later)", "meet.jit.si/exampledaily"],
    ["2026-11-02T16:00", "Daily (later)", "meet.jit.si/exampledaily"],
  ]);
  expect(calendar.occurrences[2]?.originalStart).toBe("2026-11-01T14:30:00.000Z");
  expect(calendar.occurrences[0]?.attendees[0]).toEqual({
    email: "kim@example.com",
    name: "Kim Example, PhD",
    response: "accepted",
  });
});

test("an export of Fastmail, with a duration, added dates and the standard's field for conferences", () => {
  const calendar = readFixture("fastmail");
  expect(calendar).toMatchObject({ name: "Personal", skipped: [] });
  expect(brief(calendar)).toEqual([
    ["2026-10-01T23:00", "Planning", "98765432109"],
    ["2026-10-08T22:00", "Planning", "98765432109"],
    ["2026-10-13T22:00", "Planning", "98765432109"],
    ["2026-10-15T22:00", "Planning", "98765432109"],
  ]);
  expect(calendar.occurrences[0]?.endsAt).toEqual(new Date("2026-10-01T23:45:00Z"));
});
