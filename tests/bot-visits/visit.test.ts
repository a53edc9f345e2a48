import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newRoom } from "./rooms.ts";
import { botIn, reaches, recorder, sendBot, startRecorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

let system: RecorderSystem;
beforeAll(async () => {
  system = await startRecorders();
});
afterAll(() => system[Symbol.asyncDispose]());
beforeEach(() => system.attendee.mend());

const recordingsOf = (workspaceId: string) => system.db.prisma.recording.findMany({ where: { workspaceId } });

test("B-19 B-35 B-53 B-56 a bot that is sent into a meeting brings its recording home, as a recording like any other", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const sent = await sendBot(ann, room, { title: "Planning" });
  expect(sent).toMatchObject({ title: "Planning", status: "pending", bot: null });
  const bot = await botIn(system, room);
  bot.waitingRoom();
  await expect.poll(async () => (await recorder(ann, sent.id)).message).toBe("The bot waits to be let in");
  bot.admit();
  await reaches(ann, sent.id, "active");
  bot.end();
  const done = await reaches(ann, sent.id, "completed");
  expect(done).toMatchObject({ recordingId: sent.id, bot: { state: "ended", reason: "meeting_ended" } });
  expect(await recordingsOf(ann.workspaceId)).toMatchObject([{ id: sent.id }]);
  const { items } = await ann.json<{ items: object[] }>("/api/notifications");
  const details = { meeting: { title: "Planning", meeting_url: room }, session_id: sent.id, bot_id: bot.id };
  expect(items).toMatchObject([{ type: "bot_in_call", title: "“Planning” is being recorded", details }]);
  const run = await system.db.prisma.run.findFirst({ where: { conversationId: sent.id } });
  expect(run).toMatchObject({ kind: "recording", title: "Planning", ownerId: ann.userId });
});

test("B-21 a bot whose creation was never answered is found again, and no second one is sent (weak points B3, B7)", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  system.attendee.failNext({ kind: "lost" }, 1, "create");
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  await expect.poll(async () => (await recorder(ann, id)).bot?.id).toBe(bot.id);
  expect(system.attendee.project.bots.filter(({ meetingUrl }) => meetingUrl === room)).toHaveLength(1);
  bot.join();
  bot.end();
  await reaches(ann, id, "completed");
});

test("B-22 B-63 B-73 a provider that fails for a while is asked again", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  system.attendee.failNext({ kind: "status", status: 503 }, 3, "create");
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.join();
  await reaches(ann, id, "active");
  bot.end();
  expect(await reaches(ann, id, "completed")).toMatchObject({ recordingId: id });
});

test("B-66 people read that the provider does not answer, and the bot goes when it does", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  system.attendee.failNext({ kind: "status", status: 502 }, 10_000);
  const { id } = await sendBot(ann, room);
  await expect
    .poll(async () => (await recorder(ann, id)).message)
    .toBe("The bot's provider does not answer. Trying again…");
  system.attendee.mend();
  (await botIn(system, room)).join();
  await reaches(ann, id, "active");
});

test("a bot that could not be sent until its meeting was over is given up, with the reason", async () => {
  const ann = await system.web.signUp();
  system.attendee.failNext({ kind: "status", status: 502 }, 10_000);
  const { id } = await sendBot(ann, newRoom());
  await expect.poll(async () => (await recorder(ann, id)).message).toMatch(/Trying again/);
  await system.db.prisma.recorder.update({ where: { id }, data: { endsAt: new Date() } });
  expect((await reaches(ann, id, "failed")).message).toMatch(/provider did not answer.*502/);
});

const refusals = [
  ["denied", "The bot was not let in."],
  ["waiting_room_timeout", "Nobody let the bot in, so it gave up waiting."],
] as const;
test("B-57 a bot that never came in fails with the true reason, and its person is told (weak point B8)", async () => {
  for (const [reason, words] of refusals) {
    const ann = await system.web.signUp();
    const room = newRoom();
    const { id } = await sendBot(ann, room);
    const bot = await botIn(system, room);
    bot.waitingRoom();
    if (reason === "denied") bot.deny();
    else bot.giveUpWaiting();
    const failed = await reaches(ann, id, "failed");
    expect(failed).toMatchObject({ message: words, recordingId: null, bot: { state: "failed", reason } });
    const notices = await system.db.prisma.notification.findMany({ where: { userId: ann.userId } });
    expect(notices).toMatchObject([{ type: "bot_failed", body: words }]);
  }
});

test("a failed visit that is tried again sends another bot", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const { id, runId } = await sendBot(ann, room);
  (await botIn(system, room)).deny();
  await reaches(ann, id, "failed");
  await ann.json(`/api/runs/${runId}/retry`, { method: "POST" });
  await expect.poll(() => system.attendee.project.bots.filter((bot) => bot.meetingUrl === room).length).toBe(2);
  const second = await botIn(system, room);
  second.join();
  second.end();
  await reaches(ann, id, "completed");
});

test("a bot that is told to leave leaves once, and what it recorded is kept", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.join();
  await reaches(ann, id, "active");
  await ann.json(`/api/recorders/${id}/stop`, { method: "POST" });
  const done = await reaches(ann, id, "completed");
  expect(done).toMatchObject({ recordingId: id, bot: { state: "ended" } });
  expect(bot.leaves()).toBe(1);
});

test("a run that is cancelled while its bot is in the meeting takes the bot with it", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const { id, runId } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.join();
  await reaches(ann, id, "active");
  await ann.json(`/api/runs/${runId}/cancel`, { method: "POST" });
  await reaches(ann, id, "cancelled");
  expect(bot.leaves()).toBe(1);
  expect(await recordingsOf(ann.workspaceId)).toEqual([]);
});

test("a run that is cancelled while its bot is being sent leaves no bot behind", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  system.attendee.failNext({ kind: "slow", ms: 500 }, 1, "create");
  const { id, runId } = await sendBot(ann, room);
  await expect.poll(async () => (await recorder(ann, id)).message).toBe("Sending the bot…");
  await ann.json(`/api/runs/${runId}/cancel`, { method: "POST" });
  await reaches(ann, id, "cancelled");
  const bot = await botIn(system, room);
  await expect.poll(() => bot.state()).toMatch(/ended|leaving|fatal_error/);
});

test("a worker that is lost in mid-call finds the bot again (weak point B4)", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.join();
  await reaches(ann, id, "active");
  await system.stopWorker();
  bot.end();
  await system.startWorker();
  await reaches(ann, id, "completed");
  expect(system.attendee.project.bots.filter(({ meetingUrl }) => meetingUrl === room)).toHaveLength(1);
});

test("a bot that is in the meeting already is the answer to a second wish for one", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  const [first, second] = await Promise.all([sendBot(ann, room), sendBot(ann, room)]);
  expect(second.id).toBe(first.id);
  const bot = await botIn(system, room);
  bot.join();
  await reaches(ann, first.id, "active");
  expect((await sendBot(ann, room)).id).toBe(first.id);
  expect(system.attendee.mostAtOnce(room)).toBe(1);
  bot.end();
  await reaches(ann, first.id, "completed");
  expect((await sendBot(ann, room)).id).not.toBe(first.id);
});

test("a recording that its provider never gives is a failure that says so", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  system.attendee.recordings("missing");
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.join();
  bot.end();
  const failed = await reaches(ann, id, "failed");
  expect(failed).toMatchObject({ recordingId: null });
  system.attendee.recordings("ready");
});

test("a webhook moves the visit before the provider is asked by the clock", async () => {
  const ann = await system.web.signUp();
  const room = newRoom();
  system.attendee.webhook(`${system.web.url}/api/webhook/attendee`);
  const { id } = await sendBot(ann, room);
  const bot = await botIn(system, room);
  bot.join();
  await reaches(ann, id, "active");
  bot.end();
  await reaches(ann, id, "completed");
  const delivered = await system.db.prisma.webhookDelivery.findMany({ where: { subjectId: id } });
  expect(delivered.length).toBeGreaterThan(0);
  expect(new Set(delivered.map(({ sender }) => sender))).toEqual(new Set(["attendee"]));
});
