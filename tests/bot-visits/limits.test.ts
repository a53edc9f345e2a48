import { afterAll, beforeAll, expect, test } from "vitest";
import { botHoursToday } from "#records/bot-visits/bot-hours.ts";
import { addRecorder } from "./recorder-fixtures.ts";
import { newPlace } from "./joining.ts";
import { botIn, reaches, sendBot, startRecorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

const limits = { aloneMs: 3_600_000, silentMs: 3_600_000 };
let system: RecorderSystem;
beforeAll(async () => {
  system = await startRecorders({ activities: { botWatch: limits } });
});
afterAll(() => system[Symbol.asyncDispose]());

const hour = 3_600_000;
const today = () => new Date().setUTCHours(0, 0, 0, 0);

/** A bot that has been in a meeting from one hour to another, counted from the beginning of the day (UTC). */
async function hasVisited(person: { userId: string; workspaceId: string }, from: number, to: number) {
  const id = await addRecorder(system.db.prisma, person);
  const at = (hours: number) => new Date(today() + hours * hour);
  const data = { provider: "attendee", botId: id, botState: "ended", joinedAt: at(from), leftAt: at(to) };
  await system.db.prisma.recorder.update({ where: { id }, data });
}

test("a bot that nobody is with, or with whom nobody speaks any more, leaves by itself, with the true reason", async () => {
  for (const reason of ["alone", "silent"] as const) {
    const ann = await system.web.signUp();
    const room = newPlace().url;
    const { id } = await sendBot(ann, room);
    const bot = await botIn(system, room);
    bot.join();
    bot.person("Ann", "join");
    if (reason === "silent") bot.person("Ann", "speech_stop");
    await reaches(ann, id, "active");
    limits[`${reason}Ms`] = 0;
    if (reason === "alone") bot.person("Ann", "leave");
    expect(await reaches(ann, id, "completed")).toMatchObject({ recordingId: id, bot: { reason } });
    expect(bot.leaves()).toBe(1);
    limits[`${reason}Ms`] = 3_600_000;
  }
});

test("a meeting that somebody is in is not left, and silence counts only where speech is told of", async () => {
  const ann = await system.web.signUp();
  const room = newPlace().url;
  Object.assign(limits, { aloneMs: 0, silentMs: 0 });
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.person("Ann", "join");
  bot.join();
  await reaches(ann, id, "active");
  const watched = () => system.attendee.requests.filter(({ path }) => path.endsWith("/participant_events")).length;
  const before = watched();
  await expect.poll(watched).toBeGreaterThan(before + 2);
  expect(bot.leaves()).toBe(0);
  bot.end();
  expect(await reaches(ann, id, "completed")).toMatchObject({ bot: { reason: "meeting_ended" } });
});

test("B-90 hours of bots are counted by workspace and day, those of yesterday not at all", async () => {
  const [ann, bob] = [await system.web.signUp(), await system.web.signUp()];
  await hasVisited(ann, -3, 1.5);
  await hasVisited(ann, 2, 2.25);
  await hasVisited(ann, -30, -28);
  expect(await botHoursToday(system.db.prisma, ann.workspaceId)).toBeCloseTo(1.75);
  expect(await botHoursToday(system.db.prisma, bob.workspaceId)).toBe(0);
});

test("B-90 a workspace whose hours are used up sends no bot, and its people read why; another's goes (weak point B16)", async () => {
  const [ann, bob] = [await system.web.signUp(), await system.web.signUp()];
  await hasVisited(ann, 0, 12);
  await hasVisited(ann, 0, 12);
  const [used, free] = [newPlace().url, newPlace().url];
  const { id } = await sendBot(ann, used);
  expect((await reaches(ann, id, "failed")).message).toMatch(/hours of recording bots are used up for today/);
  expect(system.attendee.project.bots.filter(({ meetingUrl }) => meetingUrl === used)).toEqual([]);
  await sendBot(bob, free);
  (await botIn(system, free)).join();
});
