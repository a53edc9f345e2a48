import { afterAll, beforeAll, expect, test } from "vitest";
import { addCalendar, occurrence } from "#tests/calendars/calendar-fixtures.ts";
import { eventsOf } from "#tests/calendars/system.ts";
import { joinWorkspace } from "#tests/web/join-workspace.ts";
import { startWeb } from "#tests/web/server.ts";
import { botsIn, inMinutes, never, newPlace, only, recordsAll, relist } from "./joining.ts";
import { botIn, reaches, recorders, sendBot, startRecorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

let system: RecorderSystem;
beforeAll(async () => {
  system = await startRecorders();
});
afterAll(() => system[Symbol.asyncDispose]());

test("B-1 B-5 B-15 an event that is to be joined gets its bot when its time comes, once, however often passes are made (weak points B1, B5)", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await Promise.all([system.sweep(), system.sweep()]);
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  bot.join();
  const visit = await only(person);
  await reaches(person, visit.id, "active");
  expect(await eventsOf(person)).toMatchObject([{ status: "in_call", recorderId: visit.id }]);
  bot.end();
  await reaches(person, visit.id, "completed");
  await system.sweep();
  expect(botsIn(system, meeting.url)).toHaveLength(1);
  expect(system.attendee.mostAtOnce(meeting.url)).toBe(1);
});

test("B-20 a visit is ordered ahead, and its bot is not sent before the buffer of its person (weak point B2)", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(5) })]);
  await system.sweep();
  expect(await only(person)).toMatchObject({ status: "pending", message: "Upcoming" });
  expect(await eventsOf(person)).toMatchObject([{ status: "scheduled" }]);
  expect(botsIn(system, meeting.url)).toEqual([]);
});

test("B-55 whoever wants to know is told that the bot is on its way", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await person.json("/api/calendar/preferences", { method: "PATCH", body: { notify_of: ["bot_deployed"] } });
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  const notices = async () => (await person.json<{ items: object[] }>("/api/notifications")).items;
  await expect
    .poll(notices)
    .toMatchObject([{ type: "bot_deployed", details: { bot_id: bot.id, meeting: { meeting_url: meeting.url } } }]);
});

test("B-14 what lies further ahead, is over, or is not to be joined gets no visit", async () => {
  const { person } = await recordsAll(system, [
    occurrence({ uid: "far", meeting: newPlace(), startsAt: inMinutes(60) }),
    occurrence({ uid: "over", meeting: newPlace(), startsAt: inMinutes(-90), endsAt: inMinutes(-60) }),
    occurrence({ uid: "no link", meeting: null, startsAt: inMinutes(2) }),
    occurrence({ uid: "cancelled", meeting: newPlace(), startsAt: inMinutes(2), isCancelled: true }),
  ]);
  await system.sweep();
  expect(await recorders(person)).toEqual([]);
});

test("no bot is ordered where none can join, also if it was decided before bots were set up", async () => {
  const meeting = { platform: "jitsi" as const, room: "meet.jit.si/daily", url: "https://meet.jit.si/daily" };
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(1) })]);
  expect(await eventsOf(person)).toMatchObject([{ decision: { join: true } }]);
  await system.sweep();
  expect(await recorders(person)).toEqual([]);
});

test("B-16 whoever has not turned it on is never joined", async () => {
  const ann = await system.web.signUp();
  await addCalendar(system.db.prisma, ann, [occurrence({ meeting: newPlace(), startsAt: inMinutes(1) })]);
  await system.sweep();
  expect(await recorders(ann)).toEqual([]);
});

test("two colleagues with one meeting share one bot, and both see it (weak point B13)", async () => {
  const meeting = newPlace();
  const host = await system.web.signUp();
  const { id: workspaceId } = await host.json<{ id: string }>("/api/workspaces", {
    method: "POST",
    body: { name: "W" },
  });
  const startsAt = inMinutes(-1);
  const people = await Promise.all(
    [0, 1].map(() => recordsAll(system, [occurrence({ meeting, startsAt })], workspaceId)),
  );
  for (const { person } of people) await joinWorkspace({ inviter: host, workspaceId }, person, "member");
  await Promise.all([system.sweep(), system.sweep()]);
  await botIn(system, meeting.url);
  await system.sweep();
  expect(botsIn(system, meeting.url)).toHaveLength(1);
  const [first, second] = await Promise.all(people.map(({ person }) => only(person)));
  expect(second!.id).toBe(first!.id);
  for (const { person } of people) expect(await eventsOf(person)).toMatchObject([{ recorderId: first!.id }]);
});

test("two meetings with one link are two visits", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [
    occurrence({ uid: "a", meeting, startsAt: inMinutes(2), endsAt: inMinutes(7) }),
    occurrence({ uid: "b", meeting, startsAt: inMinutes(8), endsAt: inMinutes(20) }),
  ]);
  await system.sweep();
  expect(await recorders(person)).toHaveLength(2);
});

test("B-64 an event that is moved while its bot waits is joined at its new time alone (weak point B6)", async () => {
  const meeting = newPlace();
  const { person, calendar } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(5) })]);
  await system.sweep();
  const before = await only(person);
  await relist(system, { calendar, person }, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await system.sweep();
  await reaches(person, before.id, "cancelled");
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  bot.join();
  const [after] = await recorders(person);
  expect(after!.id).not.toBe(before.id);
  await reaches(person, after!.id, "active");
  expect(botsIn(system, meeting.url)).toHaveLength(1);
  bot.end();
  await reaches(person, after!.id, "completed");
});

test("an event that is moved away and back gets a visit again", async () => {
  const meeting = newPlace();
  const startsAt = inMinutes(5);
  const { person, calendar } = await recordsAll(system, [occurrence({ meeting, startsAt })]);
  await system.sweep();
  const before = await only(person);
  await relist(system, { calendar, person }, [occurrence({ meeting, startsAt: inMinutes(500) })]);
  await system.sweep();
  await reaches(person, before.id, "cancelled");
  await relist(system, { calendar, person }, [occurrence({ meeting, startsAt })]);
  await system.sweep();
  const all = await recorders(person);
  expect(all.map(({ status }) => status)).toEqual(["pending", "cancelled"]);
});

test.each(["cancelled", "removed", "overridden", "switched off"])(
  "B-64 B-65 an event that is %s while its bot waits is not joined",
  async (what) => {
    const meeting = newPlace();
    const event = occurrence({ meeting, startsAt: inMinutes(5) });
    const { person, calendar } = await recordsAll(system, [event]);
    await system.sweep();
    const visit = await only(person);
    if (what === "cancelled") await relist(system, { calendar, person }, [{ ...event, isCancelled: true }]);
    if (what === "removed") await relist(system, { calendar, person }, []);
    if (what === "overridden") await never(person);
    if (what === "switched off") {
      await person.json("/api/calendar/preferences", { method: "PATCH", body: { auto_record_enabled: false } });
    }
    // What a person says takes effect at once, what a calendar says with the next pass.
    if (what === "cancelled" || what === "removed") await system.sweep();
    await reaches(person, visit.id, "cancelled");
    await system.sweep();
    expect(await recorders(person)).toHaveLength(1);
    expect(botsIn(system, meeting.url)).toEqual([]);
  },
);

test("a person's stop holds against every later pass, before the bot was sent and after", async () => {
  const waiting = newPlace();
  const joined = newPlace();
  const { person } = await recordsAll(system, [
    occurrence({ uid: "waiting", meeting: waiting, startsAt: inMinutes(5) }),
    occurrence({ uid: "joined", meeting: joined, startsAt: inMinutes(-1) }),
  ]);
  await system.sweep();
  const bot = await botIn(system, joined.url);
  bot.join();
  for (const { id } of await recorders(person)) await person.json(`/api/recorders/${id}/stop`, { method: "POST" });
  await expect
    .poll(async () => (await recorders(person)).map(({ status }) => status).toSorted())
    .toEqual(["cancelled", "completed"]);
  await system.sweep();
  expect(await recorders(person)).toHaveLength(2);
  expect(botsIn(system, waiting.url)).toEqual([]);
  expect(botsIn(system, joined.url)).toHaveLength(1);
});

test("B-11 B-13 B-60 a scheduler of one's own makes passes with the secret, and with no other (weak point B15)", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(4) })]);
  const secret = "a secret of sixteen characters";
  const settings = { AUTO_JOIN_WORKER_SECRET: secret, ATTENDEE_API_KEY: "key" };
  await using web = await startWeb(system.db, { settings });
  const ask = (url: string, token: string) =>
    fetch(`${url}/api/calendar/auto-join/worker`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
  expect((await ask(web.url, "another secret")).status).toBe(401);
  expect((await ask(web.url, "")).status).toBe(401);
  expect((await ask(system.web.url, secret)).status).toBe(404);
  // The first sync of the calendar may have ordered it before.
  expect(await (await ask(web.url, secret)).json()).toEqual({ ordered: expect.any(Number) });
  expect(await recorders(person)).toHaveLength(1);
  expect(await (await ask(web.url, secret)).json()).toEqual({ ordered: 0 });
  expect(await recorders(person)).toHaveLength(1);
});

test("a recording that is deleted while its meeting goes on is not made again", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  bot.join();
  bot.end();
  const { id } = await only(person);
  await reaches(person, id, "completed");
  await person.json(`/api/recordings/${id}`, { method: "DELETE" });
  await system.sweep();
  expect(await recorders(person)).toEqual([]);
  expect(botsIn(system, meeting.url)).toHaveLength(1);
});

test("a bot that was sent by hand is the event's own, and no other follows it when it is stopped", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(3) })]);
  const link = `${meeting.url}?authuser=1`;
  const sent = await sendBot(person, link);
  const bot = await botIn(system, link);
  bot.join();
  await reaches(person, sent.id, "active");
  await system.sweep();
  expect(await eventsOf(person)).toMatchObject([{ recorderId: sent.id }]);
  await person.json(`/api/recorders/${sent.id}/stop`, { method: "POST" });
  await reaches(person, sent.id, "completed");
  await system.sweep();
  expect(await recorders(person)).toHaveLength(1);
  expect([...botsIn(system, link), ...botsIn(system, meeting.url)]).toHaveLength(1);
});
