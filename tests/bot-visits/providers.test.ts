import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { newRoom } from "./rooms.ts";
import { botIn, reaches, sendBot, startRecorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

let system: RecorderSystem;
let asSet: RecorderSystem["bots"];
beforeAll(async () => {
  system = await startRecorders();
  asSet = { ...system.bots };
});
afterAll(() => system[Symbol.asyncDispose]());
afterEach(() => Object.assign(system.bots, asSet));

test("a bot is followed through the provider it was sent by, also when that sends no new ones any more", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.join();
  await reaches(ann, id, "active");
  system.bots.chosen = null;
  bot.end();
  expect(await reaches(ann, id, "completed")).toMatchObject({ recordingId: id });
});

test("a bot whose provider's key was taken away fails with words that name it, and comes back with the key", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const { id, runId } = await sendBot(ann, room);
  const first = await botIn(system, room);
  first.join();
  await reaches(ann, id, "active");
  Object.assign(system.bots, { chosen: null, all: [] });
  first.end();
  const failed = await reaches(ann, id, "failed");
  expect(failed.message).toContain("not set up here any more");
  expect(failed.message).toContain("ATTENDEE_API_KEY");
  const { errorCode } = await system.db.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  expect(errorCode).toBe("bot_provider_missing");
  Object.assign(system.bots, asSet);
  await ann.json(`/api/runs/${runId}/retry`, { method: "POST" });
  await expect.poll(() => system.attendee.bots.filter(({ meetingUrl }) => meetingUrl === room).length).toBe(2);
  const second = await botIn(system, room);
  second.join();
  second.end();
  await reaches(ann, id, "completed");
});

test("a visit that is tried again begins without the bot of the try before", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const { id, runId } = await sendBot(ann, room);
  (await botIn(system, room)).deny();
  await reaches(ann, id, "failed");
  await system.stopWorker();
  await ann.json(`/api/runs/${runId}/retry`, { method: "POST" });
  const waiting = await system.db.prisma.recorder.findUniqueOrThrow({ where: { id } });
  expect(waiting).toMatchObject({ provider: null, botId: null, botState: null, requestedAt: null });
  await system.startWorker();
  await ann.json(`/api/runs/${runId}/cancel`, { method: "POST" });
  await reaches(ann, id, "cancelled");
});

test("a refused key is told by its own words and variable", async () => {
  const ann = await system.web.signUp();
  system.attendee.failNext({ kind: "status", status: 401 }, 100);
  const { id } = await sendBot(ann, newRoom());
  const { message } = await reaches(ann, id, "failed");
  system.attendee.mend();
  expect(message).toContain("ATTENDEE_API_KEY");
  expect(message).not.toContain("OPENAI_API_KEY");
});
