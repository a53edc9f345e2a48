import { afterAll, beforeAll, expect, test } from "vitest";
import { decideEvents } from "#records/calendars/decide.ts";
import { storeOccurrences } from "#records/calendars/occurrences.ts";
import { remindOfEvents } from "#records/calendars/reminders.ts";
import { readEvents } from "#records/live/feed.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { startWeb } from "#tests/web/server.ts";
import type { TestPerson, TestWeb } from "#tests/web/server.ts";
import { addCalendar, occurrence, openPolicy } from "./calendar-fixtures.ts";
import { eventsOf } from "./system.ts";

const setRules = (person: TestPerson, body: object) =>
  person.json<{ changed: number; excluded_keywords: string[] }>("/api/calendar/preferences", { method: "PATCH", body });
const override = (person: TestPerson, body: object) =>
  person.json<{ changed: number; decision: object }>("/api/calendar/auto-join/override", { method: "POST", body });
const logOf = async (person: TestPerson) =>
  (await person.json<{ items: object[] }>("/api/calendar/auto-join/logs")).items;

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3_600_000);
const series = [1, 2, 3].map((days) =>
  occurrence({ uid: "series", title: "Weekly", originalStart: inDays(days).toISOString(), startsAt: inDays(days) }),
);

let db: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  db = await testDatabase();
  web = await startWeb(db);
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

/** A new person with a calendar of these events. */
async function personWith(occurrences = [occurrence(), ...series]) {
  const ann = await web.signUp();
  const { calendar } = await addCalendar(db.prisma, ann, occurrences);
  return { ann, calendar, own: { ownerId: ann.userId } };
}

test("B-6 B-32 B-65 a changed rule holds at once for every event that is not over, and stands in the log", async () => {
  const { ann } = await personWith();
  expect(await setRules(ann, { auto_record_enabled: true })).toMatchObject({ changed: 4 });
  expect((await eventsOf(ann)).map(({ decision }) => decision.join)).toEqual([true, true, true, true]);
  const after = await setRules(ann, { excluded_keywords: ["WEEKLY", "weekly "] });
  expect(after).toMatchObject({ changed: 3, excluded_keywords: ["WEEKLY", "weekly"] });
  expect((await eventsOf(ann)).map(({ decision }) => decision.reason)).toEqual([
    "rules",
    "excluded_keyword",
    "excluded_keyword",
    "excluded_keyword",
  ]);
  expect(await logOf(ann)).toHaveLength(7);
  expect((await logOf(ann)).at(0)).toMatchObject({ cause: "preferences", join: false, reason: "excluded_keyword" });
});

test("what is over keeps the decision it had", async () => {
  const past = occurrence({ uid: "past", startsAt: inDays(-1) });
  const { ann, own } = await personWith([past]);
  await db.prisma.calendarEvent.updateMany({ where: own, data: { join: true, reason: "rules" } });
  expect(await setRules(ann, { auto_record_enabled: true, meetings: "external" })).toMatchObject({ changed: 0 });
  expect(await db.prisma.calendarEvent.findMany({ where: own })).toMatchObject([{ join: true, reason: "rules" }]);
});

test("an event that is over when it is first seen is decided too, and is no news", async () => {
  const past = occurrence({ uid: "past", startsAt: inDays(-1) });
  const { ann } = await personWith([past]);
  const from = encodeURIComponent(inDays(-2).toISOString());
  const { items } = await ann.json<{ items: object[] }>(`/api/calendar/events?from=${from}`);
  expect(items).toMatchObject([{ title: "Planning", decision: { join: false, reason: "ended" } }]);
  expect(await logOf(ann)).toEqual([]);
});

test("a day without a zone is one of its calendar's zone", async () => {
  const { ann, calendar } = await personWith([occurrence({ isAllDay: true })]);
  await db.prisma.calendar.update({ where: { id: calendar }, data: { timeZone: "Asia/Tokyo" } });
  const { items } = await ann.json<{ items: object[] }>("/api/calendar/events");
  expect(items).toMatchObject([{ allDay: true, timeZone: "Asia/Tokyo" }]);
});

test("B-31 what a person says about one event goes before its series, and that before the rules", async () => {
  const { ann } = await personWith();
  await setRules(ann, { auto_record_enabled: true });
  const [, first, second] = await eventsOf(ann);
  expect(await override(ann, { eventId: first!.id, override: "never", scope: "series" })).toMatchObject({ changed: 3 });
  expect(await override(ann, { eventId: second!.id, override: "always" })).toMatchObject({
    changed: 1,
    decision: { join: true, reason: "override_always" },
    override: "always",
    said: { one: "always", series: "never" },
  });
  expect((await eventsOf(ann)).map(({ override: said }) => said)).toEqual(["default", "never", "always", "never"]);
  await override(ann, { eventId: second!.id, override: "default" });
  expect((await eventsOf(ann)).map(({ override: said }) => said)).toEqual(["default", "never", "never", "never"]);
  await override(ann, { eventId: first!.id, override: "default", scope: "series" });
  expect((await eventsOf(ann)).map(({ decision }) => decision.join)).toEqual([true, true, true, true]);
});

test("an override stays with its event while the calendar moves it", async () => {
  const { ann, calendar } = await personWith([occurrence()]);
  const [event] = await eventsOf(ann);
  await override(ann, { eventId: event!.id, override: "always" });
  await db.prisma.$transaction(async (tx) => {
    const window = { from: new Date(0), to: inDays(30) };
    const moved = occurrence({ startsAt: inDays(2) });
    await storeOccurrences(tx, { calendarId: calendar, ownerId: ann.userId, window }, [moved]);
    await decideEvents(tx, { ownerId: ann.userId, cause: "sync", policy: openPolicy });
  });
  expect(await eventsOf(ann)).toMatchObject([{ id: event!.id, override: "always", decision: { join: true } }]);
});

test("a calendar that is left out is synced and shown, and nothing of it is joined", async () => {
  const { ann, calendar } = await personWith([occurrence()]);
  await setRules(ann, { auto_record_enabled: true });
  await ann.json(`/api/calendars/${calendar}`, { method: "PATCH", body: { included: false } });
  expect(await eventsOf(ann)).toMatchObject([{ decision: { join: false, reason: "calendar_left_out" } }]);
  await ann.json(`/api/calendars/${calendar}`, { method: "PATCH", body: { included: true } });
  expect(await eventsOf(ann)).toMatchObject([{ decision: { join: true } }]);
});

test("B-10 with the feature switched off nothing is joined, and each event says so", async () => {
  await using off = await startWeb(db, { settings: { ENABLE_AUTO_JOIN: "false" } });
  const ann = await off.signUp();
  await addCalendar(db.prisma, ann, [occurrence()], { ...openPolicy, enabled: false });
  await setRules(ann, { auto_record_enabled: true });
  expect(await eventsOf(ann)).toMatchObject([{ decision: { join: false, reason: "switched_off" } }]);
});

test("B-86 while it is rolled out, accounts of the named domains are in and others by their share", async () => {
  const settings = { AUTO_JOIN_ROLLOUT_PERCENT: "0", AUTO_JOIN_ROLLOUT_DOMAINS: "team.example" };
  await using rolledOut = await startWeb(db, { settings });
  const [ann, bob] = [await rolledOut.signUp(), await rolledOut.signUp("bob@team.example")];
  for (const person of [ann, bob]) await addCalendar(db.prisma, person);
  for (const person of [ann, bob]) await setRules(person, { auto_record_enabled: true });
  expect(await eventsOf(ann)).toMatchObject([{ decision: { join: false, reason: "not_in_rollout" } }]);
  expect(await eventsOf(bob)).toMatchObject([{ decision: { join: true } }]);
});

test("a change of rules is told to the person's open pages, and to nobody else", async () => {
  const { ann } = await personWith();
  await setRules(ann, { auto_record_enabled: true });
  const events = await readEvents(db.prisma, `user:${ann.userId}`, 0, 10);
  expect(events.map(({ type }) => type)).toContain("calendar.changed");
});

test("that a calendar is disconnected is told to the person's open pages", async () => {
  const { ann, calendar } = await personWith();
  await ann.json(`/api/calendars/${calendar}`, { method: "DELETE" });
  const events = await readEvents(db.prisma, `user:${ann.userId}`, 0, 10);
  expect(events).toMatchObject([{ type: "calendar.changed", data: { calendarId: calendar } }]);
});

const wrong = [
  { join_buffer_minutes: -1 },
  { join_buffer_minutes: 31 },
  { time_zone: "Mars/Olympus" },
  { quiet_hours: { from: "24:00", to: "07:00" } },
  { meetings: "some" },
  { excluded_keywords: Array.from({ length: 51 }, (_, index) => `k${index}`) },
  { language: "no language" },
  { bot_name: " " },
];
test("rules that make no sense are refused by name", async () => {
  const { ann } = await personWith([]);
  for (const body of wrong) {
    const answer = await fetch(`${web.url}/api/calendar/preferences`, {
      method: "PATCH",
      headers: { ...ann.headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const { issues } = (await answer.json()) as { issues?: { path: string }[] };
    expect([answer.status, issues?.[0]?.path.split(".")[0]]).toEqual([400, Object.keys(body)[0]]);
  }
});

test("B-54 B-76 a meeting that is to be recorded is told of shortly before it begins, once for each time it is set to (weak point B12)", async () => {
  const soon = new Date(Date.now() + 4 * 60_000);
  const later = new Date(Date.now() + 9 * 60_000);
  const { ann } = await personWith([
    occurrence({ uid: "soon", startsAt: soon }),
    occurrence({ uid: "later", startsAt: later }),
  ]);
  const notices = () => db.prisma.notification.findMany({ where: { type: "meeting_starting", userId: ann.userId } });
  await remindOfEvents(db.prisma);
  expect(await notices()).toEqual([]);
  await setRules(ann, { auto_record_enabled: true });
  await remindOfEvents(db.prisma);
  await remindOfEvents(db.prisma);
  expect(await notices()).toMatchObject([{ userId: ann.userId, title: "“Planning” is about to begin" }]);
  await db.prisma.calendarEvent.updateMany({
    where: { uid: "soon", ownerId: ann.userId },
    data: { startsAt: new Date(soon.getTime() + 30_000) },
  });
  await remindOfEvents(db.prisma);
  expect(await notices()).toHaveLength(2);
});
