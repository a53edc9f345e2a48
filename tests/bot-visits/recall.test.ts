import { afterAll, beforeAll, expect, test } from "vitest";
import { occurrence } from "#tests/calendars/calendar-fixtures.ts";
import { eventsOf } from "#tests/calendars/system.ts";
import { joinWorkspace } from "#tests/web/join-workspace.ts";
import { botsIn, inMinutes, never, newPlace, only, recordsAll, relist } from "./joining.ts";
import { botIn, reaches, recorders, startRecorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

let system: RecorderSystem;
beforeAll(async () => {
  system = await startRecorders();
});
afterAll(() => system[Symbol.asyncDispose]());

test("B-65 B-77 B-78 B-87 a person's no reaches a bot that waits outside, and one that records; what it recorded is kept", async () => {
  for (const hasJoined of [false, true]) {
    const meeting = newPlace();
    const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
    await system.sweep();
    const bot = await botIn(system, meeting.url);
    const { id } = await only(person);
    if (hasJoined) {
      bot.join();
      await reaches(person, id, "active");
    } else bot.waitingRoom();
    await never(person);
    const done = await reaches(person, id, hasJoined ? "completed" : "cancelled");
    expect(done).toMatchObject({ recordingId: hasJoined ? id : null, bot: { state: "ended", reason: "unwanted" } });
    expect(bot.leaves()).toBe(1);
    await system.sweep();
    expect(botsIn(system, meeting.url)).toHaveLength(1);
  }
});

test("B-64 a bot that waits outside is called back when its event moves", async () => {
  const meeting = newPlace();
  const { person, calendar } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  bot.waitingRoom();
  await relist(system, { calendar, person }, [occurrence({ meeting, startsAt: inMinutes(300) })]);
  await reaches(person, (await only(person)).id, "cancelled");
  expect(bot.leaves()).toBe(1);
});

test("a bot that records goes on when its event moves, and no other is sent", async () => {
  const meeting = newPlace();
  const { person, calendar } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  bot.join();
  const { id } = await only(person);
  await reaches(person, id, "active");
  await relist(system, { calendar, person }, [occurrence({ meeting, startsAt: inMinutes(300) })]);
  await system.sweep();
  bot.end();
  expect(await reaches(person, id, "completed")).toMatchObject({ bot: { reason: "meeting_ended" } });
  expect(bot.leaves()).toBe(0);
  expect(botsIn(system, meeting.url)).toHaveLength(1);
});

test("B-47 a person who wants one meeting that goes on recorded gets its bot at once", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await person.json("/api/calendar/preferences", { method: "PATCH", body: { auto_record_enabled: false } });
  await expect.poll(() => recorders(person)).toEqual([]);
  const [{ id: eventId } = { id: "" }] = await eventsOf(person);
  await person.json("/api/calendar/auto-join/override", { method: "POST", body: { eventId, override: "always" } });
  await botIn(system, meeting.url);
  await system.sweep();
  expect(botsIn(system, meeting.url)).toHaveLength(1);
});

test("one colleague's no leaves the bot where another wants it", async () => {
  const meeting = newPlace();
  const host = await system.web.signUp();
  const body = { name: "W" };
  const { id: workspaceId } = await host.json<{ id: string }>("/api/workspaces", { method: "POST", body });
  const startsAt = inMinutes(-1);
  const [ann, bob] = await Promise.all(
    [0, 1].map(() => recordsAll(system, [occurrence({ meeting, startsAt })], workspaceId)),
  );
  for (const { person } of [ann!, bob!]) await joinWorkspace({ inviter: host, workspaceId }, person, "member");
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  bot.join();
  const { id } = await only(ann!.person);
  await reaches(ann!.person, id, "active");
  await never(ann!.person);
  bot.end();
  expect(await reaches(ann!.person, id, "completed")).toMatchObject({ bot: { reason: "meeting_ended" } });
  expect(bot.leaves()).toBe(0);
});
