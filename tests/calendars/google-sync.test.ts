import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { meet, meeting, startGoogleSystem } from "./google-setup.ts";
import type { GoogleSystem } from "./google-setup.ts";
import { eventsOf, inHours, syncNow, synced } from "./system.ts";

let system: GoogleSystem;
beforeAll(async () => {
  system = await startGoogleSystem();
});
afterAll(() => system[Symbol.asyncDispose]());
afterEach(() => {
  Object.assign(system.google.state, { answer: null, oldestToken: 0, pageSize: 2_500 });
  Object.assign(system.google.oauth.state, { fail: null, accessSeconds: 3_600 });
});

const rowOf = (id: string) => system.db.prisma.calendar.findUniqueOrThrow({ where: { id } });
/** The questions of a sync, told apart by what they ask for. */
const asked = () =>
  system.google.asked.splice(0).map(({ searchParams }) => {
    if (searchParams.has("timeMin")) return "events";
    return searchParams.has("syncToken") ? "changes" : "place";
  });
const titles = async (ann: Parameters<typeof eventsOf>[0]) => (await eventsOf(ann)).map(({ title }) => title);

test("a Google calendar is read as it is connected, over as many pages as it has, with the call of each event", async () => {
  system.google.state.pageSize = 2;
  const events = [1, 2, 3, 4, 5].map((hours) => meeting(`e${hours}`, hours));
  const { ann, id } = await system.connected(events);
  const read = await eventsOf(ann);
  expect(read).toMatchObject(events.map(({ summary }) => ({ title: summary, meetingUrl: meet, recurring: false })));
  expect(await synced(ann, id)).toMatchObject({
    kind: "google",
    host: null,
    account: { provider: "google", email: ann.email, needsConsent: false },
    upcoming: 5,
    sync: { state: "ok", problem: null },
  });
});

test("a calendar that did not change is asked for changes only; a change is found, and so is what is gone", async () => {
  asked();
  const { ann, id, account } = await system.connected([meeting("a", 1), meeting("b", 2)]);
  expect(asked()).toEqual(["place", "events"]);
  const before = await system.db.prisma.calendarEvent.findMany({ where: { calendarId: id } });
  await syncNow(ann, id);
  expect(asked()).toEqual(["changes"]);
  expect(await system.db.prisma.calendarEvent.findMany({ where: { calendarId: id } })).toEqual(before);
  account.put(meeting("a", 5, { summary: "Moved" }));
  account.remove("b");
  account.put(meeting("c", 3));
  await syncNow(ann, id);
  expect(asked()).toEqual(["changes", "events"]);
  const after = await eventsOf(ann);
  expect(after.map(({ title }) => title)).toEqual(["Meeting c", "Moved"]);
  expect(after[1]?.id).toBe(before.find(({ title }) => title === "Meeting a")?.id);
});

test("an event that was moved out of the window is not joined where it was", async () => {
  const { ann, id, account } = await system.connected([meeting("a", 1)]);
  account.put(meeting("a", 24 * 200));
  await syncNow(ann, id);
  expect(await eventsOf(ann)).toEqual([]);
});

test("the window moves on though nothing changes: it is read anew after some hours", async () => {
  const { ann, id } = await system.connected([meeting("a", 1)]);
  asked();
  await system.db.prisma.calendar.update({ where: { id }, data: { expandedAt: inHours(-7) } });
  await syncNow(ann, id);
  expect(asked()).toEqual(["changes", "events"]);
});

test("where Google knows the place of the last sync no more, everything is read anew, and each event stays itself", async () => {
  const { ann, id, account } = await system.connected([meeting("a", 1), meeting("b", 2)]);
  const ids = (await eventsOf(ann)).map((event) => event.id);
  account.remove("b");
  system.google.state.oldestToken = 100;
  asked();
  await syncNow(ann, id);
  expect(asked()).toEqual(["changes", "place", "events"]);
  expect(await eventsOf(ann)).toMatchObject([{ id: ids[0] }]);
  system.google.state.oldestToken = 0;
  await system.db.prisma.calendar.update({ where: { id }, data: { cursor: "of another time" } });
  expect((await syncNow(ann, id)).sync.state).toBe("ok");
});

test("of a series each occurrence is one, keeps its place when it alone is moved, and what is said about it holds", async () => {
  const series = meeting("s", 2, { every: 1, count: 5 });
  const { ann, id, account } = await system.connected([series]);
  const [first, second] = await eventsOf(ann);
  expect(first).toMatchObject({ recurring: true });
  const say = (eventId: string, scope: string) =>
    ann.json("/api/calendar/auto-join/override", { method: "POST", body: { eventId, scope, override: "never" } });
  await say(second!.id, "one");
  const start = { dateTime: inHours(30).toISOString() };
  const end = { dateTime: inHours(31).toISOString() };
  account.put({ ...series, changes: { 1: { start, end, summary: "Moved" }, 3: null } });
  await syncNow(ann, id);
  const after = await eventsOf(ann);
  expect(after).toHaveLength(4);
  expect(after.find(({ title }) => title === "Moved")).toMatchObject({
    id: second!.id,
    start: start.dateTime,
    override: "never",
  });
  await say(first!.id, "series");
  expect((await eventsOf(ann)).map(({ override }) => override)).toEqual(["never", "never", "never", "never"]);
});

const failing = [
  [503, {}, "server_error"],
  [429, {}, "rate_limited"],
  [403, { error: { errors: [{ reason: "rateLimitExceeded" }] } }, "rate_limited"],
  [403, { error: { errors: [{ reason: "userRateLimitExceeded" }] } }, "rate_limited"],
  [403, { error: { errors: [{ reason: "quotaExceeded" }] } }, "rate_limited"],
  [403, { error: { errors: [{ reason: "accessNotConfigured" }] } }, "not_permitted"],
  [403, { error: { errors: [{ reason: "insufficientPermissions" }] } }, "consent_needed"],
  [403, "no JSON", "not_permitted"],
  [404, {}, "unshared"],
  [200, "no JSON", "damaged"],
  [200, { items: "none" }, "damaged"],
  [302, {}, "unreachable"],
] as const;
test.each(failing)(
  "where Google answers %i %j, the calendar says %s, and its events stay",
  async (status, body, code) => {
    const { ann, id } = await system.connected([meeting("a", 1)]);
    system.google.state.answer = (response) =>
      response
        .writeHead(status, { "content-type": "application/json", location: "https://elsewhere.example.com" })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    expect((await syncNow(ann, id)).sync).toMatchObject({ state: "failed", failures: 1, problem: { code } });
    expect(await titles(ann)).toEqual(["Meeting a"]);
    system.google.state.answer = null;
    expect((await syncNow(ann, id)).sync).toMatchObject({ state: "ok", failures: 0, problem: null });
  },
);

test("a calendar is left alone for as long as Google asks", async () => {
  const { ann, id } = await system.connected();
  system.google.state.answer = (response) => response.writeHead(429, { "retry-after": "540" }).end();
  await syncNow(ann, id);
  const { nextSyncAt } = await rowOf(id);
  expect(nextSyncAt.getTime()).toBeGreaterThan(Date.now() + 500_000);
});

test("an event that makes no sense costs itself alone, and is counted", async () => {
  const broken = { id: "b", summary: "Broken", start: {}, end: {} };
  const { ann, id } = await system.connected([meeting("a", 1)]);
  system.google.state.answer = (response) =>
    response.writeHead(200).end(JSON.stringify({ items: [broken, meeting("a", 1), null], nextSyncToken: "C1" }));
  const { skipped } = (await syncNow(ann, id)) as unknown as { skipped: object[] };
  expect(skipped).toEqual([{ reason: "damaged", count: 2 }]);
  expect(await titles(ann)).toEqual(["Meeting a"]);
});

test("the same meeting in a feed and in Google is one meeting to bots", async () => {
  const { ann } = await system.connected([meeting("a", 1)]);
  const content = [
    "BEGIN:VCALENDAR",
    "BEGIN:VEVENT",
    "UID:a@google.com",
    `DTSTART:${inHours(1)
      .toISOString()
      .replaceAll(/[-:]|\.\d+/g, "")}`,
    "SUMMARY:The same",
    `LOCATION:${meet}?authuser=1`,
    "END:VEVENT",
    "END:VCALENDAR",
  ].join("\r\n");
  const { id } = await ann.json<{ id: string }>("/api/calendars", { method: "POST", body: { kind: "file", content } });
  await synced(ann, id);
  const rows = await system.db.prisma.calendarEvent.findMany({ where: { ownerId: ann.userId } });
  const identities = rows.map(({ platform, room, startsAt }) => `${platform} ${room} ${startsAt.toISOString()}`);
  expect(identities).toHaveLength(2);
  expect(new Set(identities).size).toBe(1);
});
