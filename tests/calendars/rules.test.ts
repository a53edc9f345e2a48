import { expect, test } from "vitest";
import { decideEvents } from "#records/calendars/decide.ts";
import { storeOccurrences } from "#records/calendars/occurrences.ts";
import { remindOfEvents } from "#records/calendars/reminders.ts";
import { readEvents } from "#records/feed.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "#tests/web/server.ts";
import type { TestPerson } from "#tests/web/server.ts";
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

async function open(settings: Record<string, string> = {}, occurrences = [occurrence(), ...series]) {
  const db = await testDatabase();
  const web = await startWeb(db, { settings });
  const ann = await web.signUp("ann@example.com");
  const { calendar } = await addCalendar(db.prisma, ann, occurrences);
  return {
    db,
    web,
    ann,
    calendar,
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

test("B-65 a changed rule holds at once for every event that is not over, and says how many it changed", async () => {
  await using given = await open();
  const { ann } = given;
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
  await using given = await open({}, [past]);
  await given.db.prisma.calendarEvent.updateMany({ data: { join: true, reason: "rules" } });
  expect(await setRules(given.ann, { auto_record_enabled: true, meetings: "external" })).toMatchObject({ changed: 0 });
  expect(await given.db.prisma.calendarEvent.findMany()).toMatchObject([{ join: true, reason: "rules" }]);
});

test("B-31 what a person says about one event goes before its series, and that before the rules", async () => {
  await using given = await open();
  const { ann } = given;
  await setRules(ann, { auto_record_enabled: true });
  const [, first, second] = await eventsOf(ann);
  expect(await override(ann, { eventId: first!.id, override: "never", scope: "series" })).toMatchObject({ changed: 3 });
  expect(await override(ann, { eventId: second!.id, override: "always" })).toMatchObject({
    changed: 1,
    decision: { join: true, reason: "override_always" },
  });
  expect((await eventsOf(ann)).map(({ override: said }) => said)).toEqual(["default", "never", "always", "never"]);
  await override(ann, { eventId: second!.id, override: "default" });
  expect((await eventsOf(ann)).map(({ override: said }) => said)).toEqual(["default", "never", "never", "never"]);
  await override(ann, { eventId: first!.id, override: "default", scope: "series" });
  expect((await eventsOf(ann)).map(({ decision }) => decision.join)).toEqual([true, true, true, true]);
});

test("an override stays with its event while the calendar moves it", async () => {
  await using given = await open({}, [occurrence()]);
  const { ann, db, calendar } = given;
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
  await using given = await open({}, [occurrence()]);
  const { ann, calendar } = given;
  await setRules(ann, { auto_record_enabled: true });
  await ann.json(`/api/calendars/${calendar}`, { method: "PATCH", body: { included: false } });
  expect(await eventsOf(ann)).toMatchObject([{ decision: { join: false, reason: "calendar_left_out" } }]);
  await ann.json(`/api/calendars/${calendar}`, { method: "PATCH", body: { included: true } });
  expect(await eventsOf(ann)).toMatchObject([{ decision: { join: true } }]);
});

test("B-10 with the feature switched off nothing is joined, and each event says so", async () => {
  await using given = await open({ ENABLE_AUTO_JOIN: "false" }, [occurrence()]);
  await setRules(given.ann, { auto_record_enabled: true });
  expect(await eventsOf(given.ann)).toMatchObject([{ decision: { join: false, reason: "switched_off" } }]);
});

test("B-86 while it is rolled out, accounts of the named domains are in and others by their share", async () => {
  await using given = await open({ AUTO_JOIN_ROLLOUT_PERCENT: "0", AUTO_JOIN_ROLLOUT_DOMAINS: "team.example" }, [
    occurrence(),
  ]);
  const { ann, db, web } = given;
  const bob = await web.signUp("bob@team.example");
  await addCalendar(db.prisma, bob);
  for (const person of [ann, bob]) await setRules(person, { auto_record_enabled: true });
  expect(await eventsOf(ann)).toMatchObject([{ decision: { join: false, reason: "not_in_rollout" } }]);
  expect(await eventsOf(bob)).toMatchObject([{ decision: { join: true } }]);
});

test("a change of rules is told to the person's open pages, and to nobody else", async () => {
  await using given = await open();
  await setRules(given.ann, { auto_record_enabled: true });
  const events = await readEvents(given.db.prisma, `user:${given.ann.userId}`, 0, 10);
  expect(events.map(({ type }) => type)).toContain("calendar.changed");
});

const wrong = [
  { join_buffer_minutes: -1 },
  { join_buffer_minutes: 31 },
  { time_zone: "Mars/Olympus" },
  { quiet_hours: { from: "24:00", to: "07:00" } },
  { meetings: "some" },
  { excluded_keywords: Array.from({ length: 51 }, (_, index) => `k${index}`) },
  { language: "no language" },
];
test.each(wrong)("rules that make no sense are refused by name: %j", async (body) => {
  await using given = await open({}, []);
  const answer = await fetch(`${given.web.url}/api/calendar/preferences`, {
    method: "PATCH",
    headers: { ...given.ann.headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(400);
  const { issues } = (await answer.json()) as { issues: { path: string }[] };
  expect(issues[0]?.path).toContain(Object.keys(body)[0]);
});

test("B-54 B-76 a meeting that is to be recorded is told of shortly before it begins, once for each time it is set to", async () => {
  const soon = new Date(Date.now() + 4 * 60_000);
  await using given = await open({}, [
    occurrence({ uid: "soon", startsAt: soon }),
    occurrence({ uid: "later", startsAt: new Date(Date.now() + 9 * 60_000) }),
  ]);
  const { db, ann } = given;
  const notices = () => db.prisma.notification.findMany({ where: { type: "meeting_starting" } });
  await remindOfEvents(db.prisma);
  expect(await notices()).toEqual([]);
  await setRules(ann, { auto_record_enabled: true });
  await remindOfEvents(db.prisma);
  await remindOfEvents(db.prisma);
  expect(await notices()).toMatchObject([{ userId: ann.userId, title: "“Planning” is about to begin" }]);
  await db.prisma.calendarEvent.updateMany({
    where: { uid: "soon" },
    data: { startsAt: new Date(soon.getTime() + 30_000) },
  });
  await remindOfEvents(db.prisma);
  expect(await notices()).toHaveLength(2);
});
