import { describe, expect, test } from "vitest";
import { readIcs } from "#activities/clients/calendar/ics-calendar.ts";
import { occurrenceLimits } from "#domain/calendar/event.ts";
import { autumn, bytesOf, calendarText, eventLines, read } from "./ics-setup.ts";

const start = "DTSTART:20261005T090000Z";
const one = (...lines: string[]) => read(calendarText(...eventLines(start, ...lines))).occurrences[0];

describe("how a file is written", () => {
  const readBytes = (bytes: Uint8Array) =>
    readIcs(bytes, { window: autumn, mostOccurrences: 10, timeZone: null, jitsiHosts: [], addresses: [] });
  const text = calendarText(...eventLines(start, "SUMMARY:Grüße 👋"));

  test.each([
    ["with a byte order mark", bytesOf(`\uFEFF${text}`)],
    ["with line feeds alone", bytesOf(text.replaceAll("\r\n", "\n"))],
    ["with carriage returns alone", bytesOf(text.replaceAll("\r\n", "\r"))],
    ["with empty lines before and between", bytesOf(`\r\n\r\n${text.replaceAll("\r\n", "\r\n\r\n")}`)],
    ["in UTF-16", new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le"))],
    ["in UTF-16 without a mark", new Uint8Array(Buffer.from(text, "utf16le"))],
    ["in UTF-16, the other half first", new Uint8Array(Buffer.from(`\uFEFF${text}`, "utf16le").swap16())],
    ["in lower case", bytesOf(text.replace(/^[A-Z:]+$/gm, (line) => line.toLowerCase()))],
  ])("%s", (_, bytes) => expect(readBytes(bytes).occurrences[0]?.title).toBe("Grüße 👋"));

  test("folded in the middle of a character", () => {
    const bytes = [...bytesOf(text)];
    const at = bytes.indexOf(0xf0) + 2;
    bytes.splice(at, 0, 13, 10, 32);
    expect(readBytes(Uint8Array.from(bytes)).occurrences[0]?.title).toBe("Grüße 👋");
  });

  test("in an old program's bytes", () => {
    const latin = new Uint8Array(Buffer.from(text.replace(" 👋", ""), "latin1"));
    expect(readBytes(latin).occurrences[0]?.title).toBe("Grüße");
  });
});

describe("meetings", () => {
  test.each([
    ["X-GOOGLE-CONFERENCE:https://meet.google.com/abc-mnop-xyz"],
    ["CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.google.com/abc-mnop-xyz"],
    ["X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:https://meet.google.com/abc-mnop-xyz"],
    ["URL;VALUE=URI:https://meet.google.com/abc-mnop-xyz"],
    ["LOCATION:Room 4\\, https://meet.google.com/abc-mnop-xyz"],
    ['X-ALT-DESC;FMTTYPE=text/html:<a href="https://meet.google.com/abc-mnop-xyz">'],
    [`DESCRIPTION:${"long words ".repeat(1_000)}https://meet.google.com/abc-mnop-xyz`],
    ['DESCRIPTION;ALTREP="data:text/html;a:b":https://meet.google.com/abc-mnop-xyz'],
  ])("%.60s", (line) => expect(one(line)?.meeting?.room).toBe("abc-mnop-xyz"));

  test("a Jitsi of one's own, where it is told of", () => {
    const text = calendarText(...eventLines(start, "LOCATION:https://talk.example.org/Daily"));
    expect(read(text).occurrences[0]?.meeting).toBeNull();
    expect(read(text, { jitsiHosts: ["talk.example.org"] }).occurrences[0]?.meeting?.room).toBe(
      "talk.example.org/daily",
    );
  });

  test("what is nested in an event is not the event's", () => {
    const alarm = [
      "BEGIN:VALARM",
      "DESCRIPTION:https://zoom.us/j/123456789",
      "ATTENDEE:mailto:a@example.com",
      "END:VALARM",
    ];
    expect(one(...alarm)).toMatchObject({ description: "", attendees: [], meeting: null });
  });
});

describe("people", () => {
  test("addresses in lower case, each once, rooms left out", () => {
    const event = one(
      "ORGANIZER;CN=Pat:MAILTO:Pat@Example.com",
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:PAT@example.com",
      "ATTENDEE;PARTSTAT=DECLINED:mailto:pat@example.com",
      'ATTENDEE;CN="Example: Kim; Jr.";PARTSTAT=tentative:mailto:kim@example.com',
      "ATTENDEE;PARTSTAT=DELEGATED:mailto:lee@example.com",
      "ATTENDEE;CUTYPE=ROOM:mailto:room@example.com",
      "ATTENDEE:invalid:nomail",
      "ATTENDEE;CN=^'Max^' ^^:mailto:max@example.com",
    );
    expect(event?.organizer).toBe("pat@example.com");
    expect(event?.attendees).toEqual([
      { email: "pat@example.com", name: null, response: "accepted" },
      { email: "kim@example.com", name: "Example: Kim; Jr.", response: "tentative" },
      { email: "lee@example.com", name: null, response: "declined" },
      { email: "max@example.com", name: '"Max" ^', response: "needs_action" },
    ]);
  });

  test("an address behind a quote that is never closed", () => {
    expect(one('ATTENDEE;CN="Kim:mailto:kim@example.com')?.attendees.map(({ email }) => email)).toEqual([
      "kim@example.com",
    ]);
  });

  test("of many, the person's own answer is kept", () => {
    const many = Array.from({ length: 500 }, (_, at) => `ATTENDEE;PARTSTAT=ACCEPTED:mailto:p${at}@example.com`);
    const text = calendarText(...eventLines(start, ...many));
    const { attendees } = read(text, { addresses: ["p400@example.com"] }).occurrences[0] ?? { attendees: [] };
    expect(attendees).toHaveLength(occurrenceLimits.attendees);
    expect(attendees.at(-1)?.email).toBe("p400@example.com");
  });
});

test("texts are cut, and hold nothing that cannot be kept", () => {
  const event = one(
    `SUMMARY:${"x".repeat(1_000)}`,
    `DESCRIPTION:a\\nb\0c\u0007${"y".repeat(9_000)}`,
    "LOCATION:Room\\n4",
  );
  expect(event?.title).toHaveLength(occurrenceLimits.title);
  expect(event?.description).toMatch(/^a\nbcy+$/);
  expect(event?.description).toHaveLength(occurrenceLimits.description);
  expect(event?.location).toBe("Room 4");
});

test("escaped characters are read once", () => {
  expect(one(String.raw`SUMMARY:a\, b\; c\\n d\: "e"`)?.title).toBe(String.raw`a, b; c\n d: "e"`);
});

test("ids that cannot be kept are replaced, each event by another and always the same", () => {
  const ids = [
    `UID:${"a".repeat(600)}1`,
    `UID:${"a".repeat(600)}2`,
    "UID:",
    "UID:__proto__",
    "UID:constructor",
    "UID:method",
  ];
  const text = calendarText(...ids.flatMap((id, at) => eventLines(id, start, `SUMMARY:${at}`)));
  const uids = read(text).occurrences.map(({ uid }) => uid);
  expect(new Set(uids).size).toBe(ids.length);
  expect(uids).toEqual(read(text).occurrences.map(({ uid }) => uid));
  expect(uids).toContain("__proto__");
  expect(Math.max(...uids.map(({ length }) => length))).toBeLessThanOrEqual(occurrenceLimits.uid);
});
