import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newRoom } from "./rooms.ts";
import { standIns } from "./stand-ins.ts";
import type { StandIn } from "./stand-ins.ts";
import { botOf, reaches, recorder, sendBot, startRecordersWith } from "./system.ts";

/** How each tells that a meeting is over. */
const ends = { attendee: "meeting_ended", recall: "meeting_ended", vexa: "alone" };

/** Of the visits of one provider: a failure that is ordered of it meets whoever comes next. The providers run at once. */
const inTurn = { concurrent: false };

describe.concurrent.each(["attendee", "recall", "vexa"] as const)("a visit by %s", (name) => {
  let system: Awaited<ReturnType<typeof startRecordersWith>>;
  let fake: StandIn["fake"];
  beforeAll(async () => {
    const standIn = await standIns[name]();
    ({ fake } = standIn);
    system = await startRecordersWith([standIn]);
  });
  afterAll(() => system[Symbol.asyncDispose]());
  beforeEach(() => {
    fake.mend();
    fake.recordings("ready");
  });
  const botsIn = (room: string) => fake.bots.filter(({ meetingUrl }) => meetingUrl === room);

  test("B-19 is ordered, let in, told by webhooks, and becomes a recording", inTurn, async ({ expect }) => {
    const ann = await system.web.signUp();
    const room = newRoom();
    const hook = fake.webhook(`${system.web.url}/api/webhook/${name}`, {
      repeat: 2,
      delayMs: (index) => (index === 0 ? 100 : 0),
    });
    const { id } = await sendBot(ann, room, { title: "Planning" });
    const bot = await botOf(fake.bots, room);
    bot.waitingRoom();
    await expect.poll(async () => (await recorder(ann, id)).message).toBe("The bot waits to be let in");
    bot.admit();
    await reaches(ann, id, "active");
    bot.end();
    const done = await reaches(ann, id, "completed");
    expect(done).toMatchObject({ recordingId: id, bot: { id: bot.id, state: "ended", reason: ends[name] } });
    expect(await system.db.prisma.recording.count({ where: { workspaceId: ann.workspaceId } })).toBe(1);
    expect(await system.db.prisma.recorder.findUnique({ where: { id } })).toMatchObject({ provider: name });
    await hook.settled();
    const delivered = await system.db.prisma.webhookDelivery.findMany({ where: { subjectId: id } });
    expect(new Set(delivered.map(({ sender }) => sender))).toEqual(new Set([name]));
    expect(new Set(delivered.map(({ dedupeKey }) => dedupeKey)).size).toBe(delivered.length);
  });

  test(
    "has one bot, also when its worker is lost after it was created and before that was told",
    inTurn,
    async ({ expect }) => {
      const ann = await system.web.signUp();
      const room = newRoom();
      fake.failNext({ kind: "lost" }, 1, "create");
      const { id } = await sendBot(ann, room);
      const bot = await botOf(fake.bots, room);
      await system.stopWorker();
      await system.startWorker();
      await expect.poll(async () => (await recorder(ann, id)).bot?.id).toBe(bot.id);
      bot.join();
      bot.end();
      await reaches(ann, id, "completed");
      expect(botsIn(room)).toHaveLength(1);
    },
  );

  test("waits out a provider that has no bot free, and one that is away", inTurn, async () => {
    const ann = await system.web.signUp();
    const room = newRoom();
    fake.failNext({ kind: "status", status: 429, retryAfter: "1" }, 1, "create");
    fake.failNext({ kind: "status", status: 503 }, 2, "create");
    const { id } = await sendBot(ann, room);
    const bot = await botOf(fake.bots, room);
    bot.join();
    bot.end();
    await reaches(ann, id, "completed");
    expect(botsIn(room)).toHaveLength(1);
  });

  test("ends when a person stops it, and keeps what was recorded", inTurn, async () => {
    const ann = await system.web.signUp();
    const room = newRoom();
    const { id } = await sendBot(ann, room);
    const bot = await botOf(fake.bots, room);
    bot.join();
    await reaches(ann, id, "active");
    await ann.json(`/api/recorders/${id}/stop`, { method: "POST" });
    expect(await reaches(ann, id, "completed")).toMatchObject({ recordingId: id, bot: { reason: "stopped" } });
    expect(bot.leaves()).toBeGreaterThanOrEqual(1);
  });

  test("fails with the true reason where nobody lets the bot in", inTurn, async () => {
    const ann = await system.web.signUp();
    const room = newRoom();
    const { id } = await sendBot(ann, room);
    const bot = await botOf(fake.bots, room);
    bot.waitingRoom();
    bot.giveUpWaiting();
    const failed = await reaches(ann, id, "failed");
    expect(failed).toMatchObject({ recordingId: null, bot: { reason: "waiting_room_timeout" } });
  });

  test.skipIf(name === "vexa")(
    "stands beside another one of the same link, each with its own bot",
    inTurn,
    async ({ expect }) => {
      const room = newRoom();
      const people = [await system.web.signUp(), await system.web.signUp()];
      const visits: string[] = [];
      for (const person of people) visits.push((await sendBot(person, room)).id);
      await expect.poll(() => botsIn(room).length).toBe(2);
      for (const bot of botsIn(room)) bot.join();
      expect(fake.mostAtOnce(room)).toBe(2);
      for (const bot of botsIn(room)) bot.end();
      for (const [index, person] of people.entries()) await reaches(person, visits[index] ?? "", "completed");
    },
  );
});

test.concurrent("two visits of one link are one after the other where a provider has one bot in a meeting, and the second says why", async ({
  expect,
}) => {
  const vexa = await standIns.vexa();
  await using system = await startRecordersWith([vexa]);
  const room = newRoom();
  const [ann, bob] = [await system.web.signUp(), await system.web.signUp()];
  const { id: first } = await sendBot(ann, room);
  const one = await botOf(vexa.fake.bots, room);
  one.join();
  await reaches(ann, first, "active");
  const { id: second } = await sendBot(bob, room);
  await expect.poll(async () => (await recorder(bob, second)).message).toContain("Another bot is in this meeting");
  expect(vexa.fake.bots).toHaveLength(1);
  expect((await recorder(bob, second)).bot).toBeNull();
  one.end();
  await expect.poll(() => vexa.fake.bots.length).toBe(2);
  const two = await botOf(vexa.fake.bots, room);
  two.join();
  two.end();
  for (const [person, id] of [
    [ann, first],
    [bob, second],
  ] as const) {
    expect(await reaches(person, id, "completed")).toMatchObject({ recordingId: id });
  }
  expect(vexa.fake.mostAtOnce(room)).toBe(1);
});

test.concurrent("who sends new bots may change while one is out: it comes home through its own provider", async () => {
  const [attendee, recall] = [await standIns.attendee(), await standIns.recall()];
  await using system = await startRecordersWith([attendee, recall]);
  const ann = await system.web.signUp();
  const [before, after] = [newRoom(), newRoom()];
  const { id: first } = await sendBot(ann, before);
  const old = await botOf(attendee.fake.bots, before);
  old.join();
  await reaches(ann, first, "active");
  system.bots.chosen = recall.provider;
  const { id: second } = await sendBot(ann, after);
  const young = await botOf(recall.fake.bots, after);
  for (const bot of [old, young]) {
    if (bot === young) bot.join();
    bot.end();
  }
  for (const id of [first, second]) expect(await reaches(ann, id, "completed")).toMatchObject({ recordingId: id });
  const kept = await system.db.prisma.recorder.findMany({ orderBy: { id: "asc" }, select: { provider: true } });
  expect(kept).toEqual([{ provider: "attendee" }, { provider: "recall" }]);
  expect([attendee.fake.bots.length, recall.fake.bots.length]).toEqual([1, 1]);
});
