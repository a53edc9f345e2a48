import { afterAll, beforeAll, expect, test } from "vitest";
import { occurrence } from "#tests/calendars/calendar-fixtures.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { botsIn, inMinutes, newPlace, only, recordsAll } from "./joining.ts";
import { botIn, reaches, sendBot, startRecorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

let system: RecorderSystem;
beforeAll(async () => {
  system = await startRecorders();
});
afterAll(() => system[Symbol.asyncDispose]());

interface Status {
  meeting: Record<"id" | "title" | "start_time" | "end_time" | "meeting_url", string>;
  session?: Record<"id" | "status" | "created_at", string>;
  bot?: { id: string; status: string; joined_at?: string };
}
const statusOf = async (person: TestPerson) =>
  (await person.json<{ items: Status[] }>("/api/calendar/meeting-status")).items;

test("B-70 B-24 B-25 B-26 B-27 B-28 B-29 B-30 the status of a meeting follows its bot, in the reference design's words (weak points B9 to B11)", async () => {
  const meeting = newPlace();
  const startsAt = inMinutes(-1);
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt, title: "Planning" })]);
  expect(await statusOf(person)).toEqual([]);
  await system.sweep();
  const bot = await botIn(system, meeting.url);
  const { id } = await only(person);
  await expect.poll(() => statusOf(person)).toMatchObject([{ bot: { id: bot.id } }]);
  bot.waitingRoom();
  await expect.poll(() => statusOf(person)).toMatchObject([{ bot: { id: bot.id, status: "joining" } }]);
  bot.admit();
  await expect.poll(async () => (await statusOf(person))[0]?.bot?.status).toBe("in_call");
  expect(await statusOf(person)).toEqual([
    {
      meeting: {
        id,
        title: "Planning",
        start_time: startsAt.toISOString(),
        end_time: new Date(startsAt.getTime() + 1_800_000).toISOString(),
        meeting_url: meeting.url,
      },
      session: { id: expect.any(String), status: "active", created_at: expect.any(String) },
      bot: { id: bot.id, status: "in_call", joined_at: expect.any(String) },
    },
  ]);
  bot.end();
  await reaches(person, id, "completed");
  expect(await statusOf(person)).toEqual([]);
  expect(await statusOf(await system.web.signUp())).toEqual([]);
});

test("B-3 B-4 B-34 a conversation says whether a calendar made it, and the event knows which it is", async () => {
  const meeting = newPlace();
  const { person } = await recordsAll(system, [occurrence({ meeting, startsAt: inMinutes(-1) })]);
  await system.sweep();
  const byHand = newPlace().url;
  const sent = await sendBot(person, byHand);
  for (const bot of [await botIn(system, meeting.url), await botIn(system, byHand)]) {
    bot.join();
    bot.end();
  }
  await reaches(person, sent.id, "completed");
  const { items: events } = await person.json<{ items: { recorderId: string }[] }>("/api/calendar/events");
  const automatic = events[0]!.recorderId;
  await reaches(person, automatic, "completed");
  const list = (query = "") =>
    person.json<{ items: { id: string }[]; nextCursor: string | null }>(`/api/sessions${query}`);
  const { items } = await list();
  expect(items).toHaveLength(2);
  expect(items).toContainEqual(expect.objectContaining({ id: automatic, kind: "recording", autoCreated: true }));
  expect(items).toContainEqual(expect.objectContaining({ id: sent.id, autoCreated: false }));
  const first = await list("?limit=1");
  const second = await list(`?limit=1&cursor=${first.nextCursor}`);
  // By their ids: the recordings are being worked on meanwhile.
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  expect(second.nextCursor).toBeNull();
  expect(botsIn(system, meeting.url)).toHaveLength(1);
});
