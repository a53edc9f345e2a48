import { expect, test } from "vitest";
import { googleOccurrence } from "#activities/clients/accounts/google-event.ts";
import { readCalendar } from "#activities/clients/calendar/read-calendar.ts";

const calendar = { remoteId: "ann@example.com", email: "ann@example.com", timeZone: "Europe/Berlin" };
const event = {
  id: "e",
  iCalUID: "e@google.com",
  status: "confirmed",
  summary: "Planning",
  start: { dateTime: "2026-12-01T09:00:00+01:00", timeZone: "Europe/Berlin" },
  end: { dateTime: "2026-12-01T10:00:00+01:00", timeZone: "Europe/Berlin" },
};
const read = (more: object = {}, of: Partial<typeof calendar> = {}) =>
  googleOccurrence({ ...event, ...more }, { ...calendar, ...of });

test("an occurrence has the ids that the same series has in the calendar's iCal feed, also where it was moved", async () => {
  const lines = [
    "BEGIN:VCALENDAR",
    "BEGIN:VEVENT",
    "UID:e@google.com",
    "DTSTART;TZID=Europe/Berlin:20261201T090000",
    "DTEND;TZID=Europe/Berlin:20261201T100000",
    "RRULE:FREQ=DAILY;COUNT=2",
    "SUMMARY:Planning",
    "END:VEVENT",
    "BEGIN:VEVENT",
    "UID:e@google.com",
    "RECURRENCE-ID;TZID=Europe/Berlin:20261202T090000",
    "DTSTART;TZID=Europe/Berlin:20261202T140000",
    "DTEND;TZID=Europe/Berlin:20261202T150000",
    "SUMMARY:Planning",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  const window = { from: new Date("2026-11-30"), to: new Date("2026-12-05") };
  const { occurrences } = await readCalendar(new TextEncoder().encode(lines.join("\r\n")), window);
  const of = (day: string, hour: string) => ({
    dateTime: `2026-12-${day}T${hour}:00:00+01:00`,
    timeZone: "Europe/Berlin",
  });
  const series = { recurringEventId: "e" };
  expect([
    read({ ...series, id: "e_1", originalStartTime: of("01", "09") }),
    read({ ...series, id: "e_2", originalStartTime: of("02", "09"), start: of("02", "14"), end: of("02", "15") }),
  ]).toEqual(occurrences);
});

test("a day begins where the calendar's zone says, as in its feed", async () => {
  const days = { start: { date: "2026-12-24" }, end: { date: "2026-12-27" } };
  const lines = [
    "BEGIN:VCALENDAR",
    "X-WR-TIMEZONE:Europe/Berlin",
    "BEGIN:VEVENT",
    "UID:e@google.com",
    "DTSTART;VALUE=DATE:20261224",
    "DTEND;VALUE=DATE:20261227",
    "SUMMARY:Planning",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  const window = { from: new Date("2026-12-20"), to: new Date("2026-12-30") };
  const { occurrences } = await readCalendar(new TextEncoder().encode(lines.join("\r\n")), window);
  expect([read(days)]).toEqual(occurrences);
  expect(read(days)).toMatchObject({ isAllDay: true, timeZone: null, startsAt: new Date("2026-12-23T23:00:00Z") });
});

test("the call is taken from the conference, video first, else from what people wrote", () => {
  const zoom = "https://zoom.us/j/1234567890";
  const entries = (...entryPoints: object[]) => ({ conferenceData: { entryPoints } });
  const phone = { entryPointType: "phone", uri: "tel:+49-30-1" };
  const video = { entryPointType: "video", uri: zoom };
  expect(
    read({ ...entries(phone, video), hangoutLink: "https://meet.google.com/abc-defg-hij" })?.meeting,
  ).toMatchObject({
    platform: "zoom",
    url: zoom,
  });
  expect(read({ hangoutLink: "https://meet.google.com/abc-defg-hij" })?.meeting?.room).toBe("abc-defg-hij");
  expect(read({ location: zoom })?.meeting?.platform).toBe("zoom");
  expect(read({ description: `<a href="${zoom}">join</a>` })?.meeting?.platform).toBe("zoom");
  expect(read({ ...entries(phone) })?.meeting).toBeNull();
});

test("answers are kept, the person's own also where they are invited by another address; rooms are no people", () => {
  const guest = (email: string, responseStatus: string, more: object = {}) => ({ email, responseStatus, ...more });
  const attendees = [
    guest("Ben@Example.com", "accepted", { displayName: "Ben" }),
    guest("ann.other@example.com", "declined", { self: true }),
    guest("room@resource.calendar.google.com", "accepted", { resource: true }),
    guest("cy@example.com", "needsAction"),
    guest("dee@example.com", "something new"),
    guest("ben@example.com", "declined"),
    { displayName: "without an address" },
  ];
  expect(read({ attendees, organizer: { email: "Ben@example.com" } })).toMatchObject({
    organizer: "ben@example.com",
    attendees: [
      { email: "ben@example.com", name: "Ben", response: "accepted" },
      { email: "ann@example.com", name: null, response: "declined" },
      { email: "cy@example.com", response: "needs_action" },
      { email: "dee@example.com", response: "needs_action" },
    ],
  });
  // In a shared calendar "self" is the calendar, whoever reads it.
  expect(read({ attendees }, { remoteId: "team" })?.attendees[1]?.email).toBe("ann.other@example.com");
});

test("of more guests than are kept the person stays", () => {
  const many = Array.from({ length: 300 }, (_, at) => ({
    email: `guest${at}@example.com`,
    responseStatus: "accepted",
  }));
  const found = read({ attendees: [...many, { email: "ann@example.com", responseStatus: "tentative" }] })?.attendees;
  expect(found).toHaveLength(200);
  expect(found?.at(-1)).toEqual({ email: "ann@example.com", name: null, response: "tentative" });
});

test("what is uncertain, cancelled, private or without an end is taken as it is", () => {
  expect(read({ status: "tentative" })).toMatchObject({ isTentative: true, isCancelled: false });
  expect(read({ status: "cancelled" })).toMatchObject({ isCancelled: true });
  expect(read({ summary: undefined })?.title).toBe("");
  expect(read({ end: { dateTime: "2026-12-01T08:00:00+01:00" } })?.endsAt).toEqual(new Date("2026-12-01T08:00:00Z"));
  expect(read({ summary: "a\u0000b\nc", description: "\ud800" })).toMatchObject({
    title: "ab c",
    description: "\ufffd",
  });
  expect(read({ start: { ...event.start, timeZone: "UTC" } })?.timeZone).toBeNull();
  expect(read({ start: { ...event.start, timeZone: "Mars/Olympus" } })?.timeZone).toBeNull();
});

test.each([
  null,
  "text",
  {},
  { start: {} },
  { start: { dateTime: "tomorrow" } },
  { start: { date: "2026-02-30" }, end: { date: "2026-02-31" } },
  { iCalUID: "x".repeat(501) },
  { attendees: "everybody" },
  { recurringEventId: "e", originalStartTime: { dateTime: "never" } },
])("what makes no sense is no event: %j", (more) => {
  expect(
    googleOccurrence(
      typeof more === "object" && more !== null
        ? { ...event, ...more, ...(Object.keys(more).length === 0 ? { id: "" } : {}) }
        : more,
      calendar,
    ),
  ).toBeNull();
});

test("a Jitsi of one's own is a meeting where it is told of", () => {
  const given = { ...event, location: "https://talk.example.org/Daily" };
  expect(googleOccurrence(given, calendar)?.meeting).toBeNull();
  expect(googleOccurrence(given, calendar, ["talk.example.org"])?.meeting).toMatchObject({
    platform: "jitsi",
    room: "talk.example.org/daily",
  });
});
