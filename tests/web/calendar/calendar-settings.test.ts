import { afterAll, beforeAll, expect, test } from "vitest";
import { preferencesOf } from "#records/calendars/preferences.ts";
import { calendarText } from "#tests/calendars/feed.ts";
import { fullHour } from "#tests/calendars/synced-calendar.ts";
import { startCalendarPages } from "./calendar-web.ts";

let pages: Awaited<ReturnType<typeof startCalendarPages>>;
beforeAll(async () => {
  pages = await startCalendarPages();
});
afterAll(() => pages[Symbol.asyncDispose]());

test("a calendar is connected by its address, which is never shown again", async () => {
  const ada = await pages.signUp();
  const url = "webcal://calendar.example.com/private-secret/basic.ics";
  const addresses = "Ada@Example.org, ada@example.net";
  const answer = await pages.act(
    "/calendar/connections",
    { intent: "connect", kind: "ics", url, name: "", addresses },
    ada,
  );
  expect(answer.status).toBe(200);
  const text = await pages.html("/calendar/connections", ada);
  expect(text).toContain("calendar.example.com");
  expect(text).toContain("you as ada@example.org, ada@example.net");
  expect(text).toContain("Waiting to be read");
  for (const path of ["/calendar/connections", "/calendar/connections.data", "/calendar.data"]) {
    expect(await (await pages.get(path, ada)).text()).not.toContain("private-secret");
  }
});

test("a calendar is connected by a file of up to 10 MB, and no larger form is taken", async () => {
  const ada = await pages.signUp();
  const content = calendarText([{ uid: "a", title: "Planning", at: fullHour(1) }]);
  const connect = (bytes: number) => {
    const file = new Blob([content, "x".repeat(bytes - content.length)], { type: "text/calendar" });
    return pages.act("/calendar/connections", { intent: "connect", kind: "file", content: file, name: "File" }, ada);
  };
  expect((await connect(content.length)).status).toBe(200);
  expect((await connect(10_000_000)).status).toBe(200);
  const tooLarge = await connect(10_000_001);
  expect([tooLarge.status, await tooLarge.text()]).toEqual([400, expect.stringContaining("10 MB at most")]);
  expect((await connect(10_200_000)).status).toBe(413);
  expect(await pages.prisma.calendar.count({ where: { ownerId: ada.userId, kind: "file" } })).toBe(2);
});

const wrongForms: [what: string, fields: Record<string, string | Blob>, words: string][] = [
  ["no address", { kind: "ics", url: "" }, "This is no address"],
  ["another scheme", { kind: "ics", url: "file:///etc/passwd" }, "This is no address"],
  ["a password in the address", { kind: "ics", url: "https://a:b@c.example/x.ics" }, "without a user and a password"],
  [
    "no e-mail address",
    { kind: "ics", url: "https://c.example/x.ics", addresses: "ada" },
    "This is no e-mail address.",
  ],
  ["no file", { kind: "file" }, "This is no calendar in iCal format"],
  ["a picture", { kind: "file", content: new Blob(["PNG"]) }, "This is no calendar in iCal format"],
];
test.each(wrongForms)("a calendar is not connected with %s, and the field says why", async (_what, fields, words) => {
  const ada = await pages.signUp();
  const answer = await pages.act("/calendar/connections.data", { intent: "connect", ...fields }, ada);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
  expect(await pages.prisma.calendar.count({ where: { ownerId: ada.userId } })).toBe(0);
});

test("a calendar is renamed, left out, given another address, and at last disconnected with all of its events", async () => {
  const { ada, work } = await pages.personWith({ title: "Planning" });
  await pages.recordAll(ada.userId);
  const { id } = work;
  const change = (fields: Record<string, string>) => pages.act("/calendar/connections", { id, ...fields }, ada);
  expect((await change({ intent: "change", name: "Office", addresses: "" })).status).toBe(200);
  expect((await change({ intent: "change", name: " ", addresses: "" })).status).toBe(400);
  expect((await change({ intent: "include", included: "false" })).status).toBe(200);
  const text = await pages.html("/calendar?view=agenda", ada);
  expect(text).toContain("Office");
  expect(text).toContain("Will not be joined: its calendar is left out in your settings.");
  expect((await change({ intent: "replace", url: "https://other.example.com/b.ics" })).status).toBe(200);
  expect(await pages.html("/calendar/connections", ada)).toContain("other.example.com");
  expect((await change({ intent: "disconnect" })).status).toBe(200);
  expect(await pages.prisma.calendarEvent.count({ where: { ownerId: ada.userId } })).toBe(0);
  expect(await pages.html("/calendar/log", ada)).toContain("Nothing was decided yet.");
});

const rules = {
  auto_record_enabled: "on",
  meetings: "all",
  excluded_keywords: "1:1\r\n\r\n interview \r\n1:1",
  required_keywords: "",
  join_buffer_minutes: "2",
  quiet: "on",
  quiet_from: "18:00",
  quiet_to: "07:30",
  time_zone: "Europe/Berlin",
  bot_name: "Notes",
  language: "de",
  consent_message: "We record.",
  notify_of: "bot_failed",
};

test("B-9 B-17 rules are kept as their form says them, hold at once, and it is told for how many events", async () => {
  const noon = new Date();
  noon.setUTCDate(noon.getUTCDate() + 1);
  noon.setUTCHours(12, 0, 0, 0);
  const { ada } = await pages.personWith({ title: "Planning", startsAt: noon }, { title: "My 1:1", startsAt: noon });
  expect(await pages.html("/calendar/rules", ada)).toContain("No recording bot is set up on this server yet.");
  const answer = await pages.act("/calendar/rules", rules, ada);
  expect(answer.status).toBe(200);
  expect((await answer.text()).replaceAll("<!-- -->", "")).toContain("Saved. 2 events are decided otherwise now.");
  expect(await preferencesOf(pages.prisma, ada.userId)).toEqual({
    auto_record_enabled: true,
    excluded_keywords: ["1:1", "interview"],
    required_keywords: [],
    join_buffer_minutes: 2,
    meetings: "all",
    only_accepted: false,
    quiet_hours: { from: "18:00", to: "07:30" },
    time_zone: "Europe/Berlin",
    bot_name: "Notes",
    language: "de",
    consent_message: "We record.",
    notify_of: ["bot_failed"],
  });
  const tomorrow = await pages.html(`/calendar?view=agenda&from=${noon.toISOString().slice(0, 10)}`, ada);
  expect(tomorrow).toContain("Will be joined: your rules let it.");
  expect(tomorrow).toContain("Will not be joined: the title holds “1:1”.");
});

test.each([
  ["join_buffer_minutes", "31", "Use 0 to 30 minutes."],
  ["join_buffer_minutes", "", "Use 0 to 30 minutes."],
  ["quiet_from", "25:00", "This is no time of day such as 07:30."],
  ["time_zone", "Mars/Olympus", "This is no time zone such as Europe/Berlin."],
  ["language", "?", "This is no language such as en or de-CH."],
  ["excluded_keywords", "x".repeat(101), "Use 100 characters at most."],
  ["meetings", "some", "Invalid option"],
  ["notify_of", "everything", "Invalid option"],
])("rules with a wrong %s (%s) are not kept, and the form says why", async (field, value, words) => {
  const ada = await pages.signUp();
  const answer = await pages.act("/calendar/rules", { ...rules, [field]: value }, ada);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
  expect(await pages.prisma.autoJoinPreference.count({ where: { userId: ada.userId } })).toBe(0);
});

test("B-52 a person is told of four things, by the reference design's names", async () => {
  const ada = await pages.signUp();
  const page = await pages.html("/calendar/rules", ada);
  const offered = [...page.matchAll(/<input[^>]*name="notify_of"[^>]*>/g)].map(
    ([input]) => /value="([^"]*)"/.exec(input)?.[1],
  );
  expect(offered).toEqual(["meeting_starting", "bot_deployed", "bot_in_call", "bot_failed"]);
});

test("B-58 whoever wants to be told of nothing is told of nothing", async () => {
  const ada = await pages.signUp();
  const { notify_of: _none, ...silent } = rules;
  expect(await pages.html("/calendar/rules", ada)).toMatch(/<input[^>]*checked=""[^>]*value="bot_failed"/);
  expect((await pages.act("/calendar/rules", silent, ada)).status).toBe(200);
  expect((await preferencesOf(pages.prisma, ada.userId)).notify_of).toEqual([]);
  expect(await pages.html("/calendar/rules", ada)).not.toMatch(/checked=""[^>]*value="bot_/);
});

test("where bots are sent, the rules do not say that none is set up", async () => {
  await using others = await startCalendarPages({ ATTENDEE_API_KEY: "key" });
  const ada = await others.signUp();
  expect(await others.html("/calendar/rules", ada)).not.toContain("No recording bot is set up");
});
