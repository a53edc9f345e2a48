import { afterAll, beforeAll, expect, test } from "vitest";
import { orderOldErasures } from "#records/bot-visits/erasure.ts";
import { nameSpeakers } from "#records/bot-visits/voices.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import type { TestPerson } from "#tests/web/server.ts";
import { newPlace } from "./joining.ts";
import { botIn, reaches, recorder, sendBot, startRecorders } from "./system.ts";
import type { RecorderSystem } from "./system.ts";

let system: RecorderSystem;
beforeAll(async () => {
  system = await startRecorders();
});
afterAll(() => system[Symbol.asyncDispose]());

/** A visit that brought its recording home, in which Ann and Bob were heard. */
async function recorded(person: TestPerson) {
  const room = newPlace().url;
  const { id } = await sendBot(person, room);
  const bot = await botIn(system, room);
  bot.join();
  bot.say("Ann", "Good morning.", [0, 4]);
  bot.say("Bob", "Hello.", [5, 9]);
  bot.end();
  await reaches(person, id, "completed");
  return { id, bot };
}

const proofsOf = (subject: string) =>
  system.db.prisma.auditEntry.findMany({ where: { action: "bot.erase", subject }, select: { details: true } });

test("speakers are called by the names that the meeting knew them by, but not where a person named them", async () => {
  const ann = await system.web.signUp();
  const { id } = await recorded(ann);
  const { prisma } = system.db;
  await prisma.$transaction((tx) =>
    storeSegments(tx, id, [
      { sourceKey: "1", speaker: "SPEAKER_01", text: "Good morning.", start: 0, end: 4 },
      { sourceKey: "2", speaker: "SPEAKER_02", text: "Hello.", start: 5, end: 9 },
    ]),
  );
  const label = "SPEAKER_02";
  await prisma.speaker.updateMany({ where: { conversationId: id, label }, data: { displayName: "Robert" } });
  await prisma.$transaction((tx) => nameSpeakers(tx, id));
  const speakers = await prisma.speaker.findMany({ where: { conversationId: id }, orderBy: { label: "asc" } });
  expect(speakers.map(({ displayName }) => displayName)).toEqual(["Ann", "Robert"]);
});

test("B-88 whoever deletes a recording has it erased at the bot's provider too, with a proof that stays (weak point B17)", async () => {
  const ann = await system.web.signUp();
  const { id, bot } = await recorded(ann);
  system.attendee.failNext({ kind: "status", status: 503 }, 1, "delete_data");
  await ann.json(`/api/recordings/${id}`, { method: "DELETE" });
  await expect.poll(() => bot.state()).toBe("data_deleted");
  await expect.poll(() => proofsOf(id)).toEqual([{ details: { provider: "attendee", botId: bot.id } }]);
});

test("B-88 what a bot recorded is erased at its provider after some days, and the recording stays", async () => {
  const ann = await system.web.signUp();
  const { id, bot } = await recorded(ann);
  const { prisma } = system.db;
  await orderOldErasures(prisma, new Date(Date.now() - 60_000));
  expect(await prisma.outbox.count({ where: { kind: "bot.erase", partitionKey: `attendee:${bot.id}` } })).toBe(0);
  await orderOldErasures(prisma, new Date(Date.now() + 1_000));
  await expect.poll(() => bot.state()).toBe("data_deleted");
  await expect.poll(async () => (await recorder(ann, id)).bot).toMatchObject({ erasedAt: expect.any(String) });
  expect(await recorder(ann, id)).toMatchObject({ recordingId: id });
  await orderOldErasures(prisma, new Date(Date.now() + 1_000));
  expect(await proofsOf(id)).toHaveLength(1);
});
