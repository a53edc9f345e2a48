import { expect, test } from "vitest";
import { microsoftOccurrence } from "#activities/clients/accounts/microsoft-event.ts";

const time = (dateTime: string, timeZone = "UTC") => ({ dateTime, timeZone });
const event = {
  id: "AAMk1",
  iCalUId: "040000008200E00074C5B7101A82E008",
  subject: "Planning",
  start: time("2026-12-01T08:00:00.0000000"),
  end: time("2026-12-01T09:00:00.0000000"),
  originalStartTimeZone: "W. Europe Standard Time",
  isOrganizer: true,
};
const own = { email: "ann@example.com", isOwn: true };
const read = (more: object = {}, of: Partial<typeof own> = {}) =>
  microsoftOccurrence({ ...event, ...more }, { ...own, ...of });

test("times are read in UTC, and the event's own zone by its Windows name", () => {
  expect(read()).toMatchObject({
    uid: event.iCalUId,
    originalStart: "",
    startsAt: new Date("2026-12-01T08:00:00Z"),
    endsAt: new Date("2026-12-01T09:00:00Z"),
    timeZone: "Europe/Berlin",
    isAllDay: false,
  });
  // From a server that does not do as it was asked.
  const local = time("2026-12-01T09:00:00.0000000", "W. Europe Standard Time");
  expect(read({ start: local })?.startsAt).toEqual(new Date("2026-12-01T08:00:00Z"));
  expect(read({ originalStartTimeZone: "tzone://Microsoft/Utc" })?.timeZone).toBeNull();
  expect(read({ originalStartTimeZone: "Customized Time Zone" })?.timeZone).toBeNull();
});

test("a day begins at midnight of the zone that it was made in", () => {
  const days = { isAllDay: true, start: time("2026-12-24T00:00:00.0000000"), end: time("2026-12-25T00:00:00.0000000") };
  expect(read(days)).toMatchObject({ isAllDay: true, timeZone: null, startsAt: new Date("2026-12-23T23:00:00Z") });
});

test("an occurrence is known by its series and by where the rule put it, also where it was moved", () => {
  const series = { seriesMasterId: "AAMkMaster", originalStart: "2026-12-01T08:00:00Z" };
  const moved = read({
    ...series,
    type: "exception",
    start: time("2026-12-01T13:00:00"),
    end: time("2026-12-01T14:00:00"),
  });
  expect(moved).toMatchObject({ uid: "AAMkMaster", originalStart: "2026-12-01T08:00:00.000Z" });
  expect(read({ seriesMasterId: "AAMkMaster", type: "occurrence" })?.originalStart).toBe("2026-12-01T08:00:00.000Z");
});

const teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0";
const zoom = "https://zoom.us/j/1234567890";

test("the call is the online meeting's, else what stands in place or text", () => {
  expect(read({ onlineMeeting: { joinUrl: teams }, location: { displayName: zoom } })?.meeting?.platform).toBe("teams");
  expect(read({ onlineMeeting: null, onlineMeetingUrl: teams })?.meeting?.platform).toBe("teams");
  expect(read({ location: { displayName: "Room 1", locationUri: zoom } })?.meeting?.platform).toBe("zoom");
  expect(read({ body: { content: `Join: <${zoom}>` } })?.meeting?.platform).toBe("zoom");
  expect(read()?.meeting).toBeNull();
});

const guest = (address: string, response: string, type = "required") => ({
  type,
  status: { response },
  emailAddress: { address, name: "Someone" },
});

test("the person's own answer is the event's, whatever the list says, and also where they are not in it", () => {
  const attendees = [
    guest("Ben@Example.com", "accepted"),
    guest("ann@example.com", "none"),
    guest("r@x.org", "accepted", "resource"),
  ];
  const invited = { isOrganizer: false, organizer: { emailAddress: { address: "ben@example.com" } } };
  const tentative = { responseStatus: { response: "tentativelyAccepted" } };
  expect(read({ ...invited, ...tentative, attendees })).toMatchObject({
    organizer: "ben@example.com",
    attendees: [
      { email: "ben@example.com", response: "accepted" },
      { email: "ann@example.com", name: "Someone", response: "tentative" },
    ],
  });
  const byGroup = read({
    ...invited,
    responseStatus: { response: "declined" },
    attendees: [guest("all@example.com", "none")],
  });
  expect(byGroup?.attendees.at(-1)).toEqual({ email: "ann@example.com", name: null, response: "declined" });
  // In another person's calendar the answer is that person's.
  const shared = read({ ...invited, ...tentative, attendees }, { isOwn: false });
  expect(shared?.attendees.find(({ email }) => email === "ann@example.com")?.response).toBe("needs_action");
});

test("who called it is told by the event too; what is cancelled or uncertain is taken as it is", () => {
  expect(read({ organizer: { emailAddress: { address: "other.address@example.com" } } })?.organizer).toBe(own.email);
  expect(read({ isCancelled: true, showAs: "tentative" })).toMatchObject({ isCancelled: true, isTentative: true });
  expect(read({ subject: null, body: null, attendees: null, location: null })).toMatchObject({
    title: "",
    attendees: [],
  });
  expect(read({ end: time("2026-12-01T07:00:00") })?.endsAt).toEqual(new Date("2026-12-01T08:00:00Z"));
});

test.each([
  null,
  "text",
  { id: "" },
  { start: null },
  { start: time("tomorrow") },
  { start: time("2026-02-30T00:00:00", "Europe/Berlin") },
  { attendees: "everybody" },
  { seriesMasterId: "m", originalStart: "never" },
])("what makes no sense is no event: %j", (more) => {
  const given = typeof more === "object" && more !== null ? { ...event, ...more } : more;
  expect(microsoftOccurrence(given, own)).toBeNull();
});

test("a Jitsi of one's own is a meeting where it is told of", () => {
  const given = { ...event, location: { displayName: "https://talk.example.org/Daily" } };
  expect(microsoftOccurrence(given, own)?.meeting).toBeNull();
  expect(microsoftOccurrence(given, own, ["talk.example.org"])?.meeting).toMatchObject({
    platform: "jitsi",
    room: "talk.example.org/daily",
  });
});
