import { pino } from "pino";
import { expect, test } from "vitest";
import { createTranscriptCollector } from "#activities/transcript-collector.ts";
import type { RealtimeEvent } from "#activities/clients/calls/call-provider.ts";
import { conversationTopic } from "#domain/live.ts";
import { labelOf } from "#domain/transcript.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import type { PrismaClient } from "#records/db.ts";
import { readEvents } from "#records/live/feed.ts";
import { createMeeting, noteAdmission } from "#records/meetings/meetings.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { addPerson } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";

const began = Date.UTC(2026, 10, 21, 10);

async function meetingIn(db: TestDatabase) {
  const { userId, workspaceId } = await addPerson(db.prisma);
  const draft = { name: "Ada", instructions: "", voice: "alloy", blueprint: {} };
  const agentId = await createAgent(db.prisma, { userId, workspaceId, ...draft });
  const order = { userId, workspaceId, agentId, name: "A talk", prompt: "", scheduledAt: null, durationMinutes: 30 };
  const created = await createMeeting(db.prisma, { ...order, provider: "stream" });
  if (!created.ok) throw new Error(created.reason);
  return { id: created.id, userId };
}

function collect(prisma: PrismaClient, meetingId: string, generation = 0) {
  const ranges: number[] = [];
  const lines: { msg: string; level: number; [field: string]: unknown }[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const onStored = async (toSequence: number) => void ranges.push(toSequence);
  const collector = createTranscriptCollector({
    prisma,
    log,
    meetingId,
    generation,
    callStartedAt: began,
    onStored,
  });
  return { collector, ranges, lines };
}

const at = (seconds: number, event: RealtimeEvent["event"]): RealtimeEvent => ({
  time: new Date(began + seconds * 1000).toISOString(),
  source: "server",
  event,
});
const agent = (seconds: number, item_id: string, transcript: string) =>
  at(seconds, { type: "response.output_audio_transcript.done", item_id, transcript });
const user = (seconds: number, item_id: string, transcript: string) =>
  at(seconds, { type: "conversation.item.input_audio_transcription.completed", item_id, transcript });

test("A-1 A-4 A-7 A-9 A-25 A-26 A-28 A-110 numbers start at 1 in each meeting, rise by 1 and are shared by both speakers", async () => {
  await using db = await testDatabase();
  const [first, second] = [await meetingIn(db), await meetingIn(db)];
  const one = collect(db.prisma, first.id);
  const two = collect(db.prisma, second.id);
  for (let index = 0; index < 30; index += 1) {
    one.collector.hear(
      index % 2 ? user(index, `u${index}`, `said ${index}`) : agent(index, `a${index}`, `said ${index}`),
    );
    two.collector.hear(user(index, `u${index}`, `elsewhere ${index}`));
  }
  await Promise.all([one.collector.finish(), two.collector.finish()]);
  for (const { id } of [first, second]) {
    const segments = await segmentsOf(db.prisma, id);
    expect(segments.map(({ sequenceNumber }) => sequenceNumber)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  }
  expect((await segmentsOf(db.prisma, first.id)).slice(0, 2)).toMatchObject([
    { speaker: "agent", text: "said 0", start: 0 },
    { speaker: "user", text: "said 1", start: 1 },
  ]);
  for (const speaker of ["narrator", "User", "", "SPEAKER_", "SPEAKER_01 "]) {
    const renamed = db.prisma.transcriptSegment.updateMany({ where: { conversationId: first.id }, data: { speaker } });
    await expect(renamed).rejects.toThrow(/segment_speaker_known/);
  }
});

const spoken = async (db: TestDatabase, conversationId: string) => {
  const speakers = await db.prisma.speaker.findMany({ where: { conversationId } });
  const names = new Map(speakers.map(({ label, displayName }) => [label, displayName]));
  return (await segmentsOf(db.prisma, conversationId)).map((segment) => {
    const label = labelOf(segment);
    return [segment.speaker, label, names.get(label)];
  });
};

test("people whom the room tells apart are speakers of their own, by their names, also two of one name", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector } = collect(db.prisma, id);
  const words = ["p1", "p2", "p3", "p1"];
  const names = ["Ben", "Ben", "", "Bernard"];
  for (const [index, participant_id] of words.entries()) {
    const event = {
      ...user(index, `u${index}`, `said ${index}`).event,
      participant_id,
      participant_name: names[index],
    };
    collector.hear(at(index, event));
  }
  await collector.finish();
  expect(await spoken(db, id)).toEqual([
    ["user", "SPEAKER_01", "Ben"],
    ["user", "SPEAKER_02", "Ben (2)"],
    ["user", "SPEAKER_03", null],
    ["user", "SPEAKER_01", "Ben"],
  ]);
  const told = await readEvents(db.prisma, conversationTopic(id), 0, 10);
  expect(told.flatMap(({ type, data }) => (type === "speaker.renamed" ? [data] : []))).toEqual([
    { label: "SPEAKER_01", displayName: "Ben" },
    { label: "SPEAKER_02", displayName: "Ben (2)" },
  ]);
});

test("where nobody tells whose words they are, they are the only person's who was let in; of several, nobody's", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector } = collect(db.prisma, id);
  const hear = async (index: number) => {
    collector.hear(user(index, `u${index}`, `said ${index}`));
    await collector.finish();
  };
  await hear(0);
  await noteAdmission(db.prisma, id, { id: "p1", name: "Grace" });
  await noteAdmission(db.prisma, id, { id: "p1", name: "Grace again" });
  await hear(1);
  await noteAdmission(db.prisma, id, { id: "p2", name: "Ben (guest)" });
  await hear(2);
  expect(await spoken(db, id)).toEqual([
    ["user", "user", null],
    ["user", "SPEAKER_01", "Grace"],
    ["user", "user", null],
  ]);
});

test("A-45 A-46 every spelling of the two events is taken, and empty words are not", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector } = collect(db.prisma, id);
  collector.hear(at(1, { type: "response.audio_transcript.done", item_id: "a", transcript: "one" }));
  collector.hear(at(2, { type: "conversation.item.audio_transcription.completed", item_id: "b", transcript: "two" }));
  collector.hear(agent(3, "c", "three"));
  collector.hear(user(4, "d", "four"));
  collector.hear(agent(5, "e", ""));
  collector.hear(user(6, "f", "   "));
  await collector.finish();
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
});

test("A-47 whatever an event is made of, the next one is heard", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector } = collect(db.prisma, id);
  const hostile = [null, [], "text", { type: null }, { type: "error" }, { type: "response.audio_transcript.done" }];
  for (const event of hostile) collector.hear({ time: "never", source: "server", event: event as never });
  collector.hear({ ...user(1, "u", "still here \u0000"), time: "not a time" });
  await collector.finish();
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(["still here"]);
});

test("weak point 7: the same item told twice, also by another link, is stored once", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const first = collect(db.prisma, id);
  for (const event of [user(1, "u1", "hello"), user(1, "u1", "hello"), agent(2, "a1", "hi")])
    first.collector.hear(event);
  await first.collector.finish();
  const second = collect(db.prisma, id);
  for (const event of [user(1, "u1", "hello"), user(3, "u2", "more")]) second.collector.hear(event);
  await second.collector.finish();
  const segments = await segmentsOf(db.prisma, id);
  expect(segments.map(({ text, sequenceNumber }) => [sequenceNumber, text])).toEqual([
    [1, "hello"],
    [2, "hi"],
    [3, "more"],
  ]);
});

test("a link that was taken over by a newer one stores nothing more", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const old = collect(db.prisma, id, 0);
  old.collector.hear(user(1, "u1", "before"));
  await old.collector.finish();
  await db.prisma.meeting.update({ where: { id }, data: { agentGeneration: 1 } });
  old.collector.hear(user(2, "u2", "from the past"));
  await old.collector.finish();
  expect(old.collector.isOusted).toBe(true);
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(["before"]);
});

test("A-27 weak point 9: what cannot be stored is logged, kept and stored when the database is back", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector, lines } = collect(db.prisma, id);
  await db.prisma.$executeRaw`ALTER TABLE transcript_segment RENAME TO away`;
  collector.hear(user(1, "u1", "patience"));
  collector.hear(agent(2, "a1", "is a virtue"));
  await expect.poll(() => lines.filter(({ level }) => level === 40).length, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(lines.every(({ meetingId }) => meetingId === id)).toBe(true);
  await db.prisma.$executeRaw`ALTER TABLE away RENAME TO transcript_segment`;
  await collector.finish();
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(["patience", "is a virtue"]);
  // What people say is not for the log.
  expect(JSON.stringify(lines)).not.toMatch(/patience|virtue/);
});

test("A-32 each stored piece is logged by speaker, number and meeting, and told to the feed", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector, lines } = collect(db.prisma, id);
  collector.hear(user(1, "u1", "a secret"));
  await collector.finish();
  const [line] = lines.filter(({ msg }) => msg.startsWith("[Transcript]"));
  expect(line).toMatchObject({ meetingId: id, speaker: "user", sequenceNumber: 1 });
  const events = await readEvents(db.prisma, `conversation:${id}`, 0, 100);
  expect(events.filter(({ type }) => type === "segment.added")).toHaveLength(1);
});

test("the workflow is told of ranges of twenty, not of each segment", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector, ranges } = collect(db.prisma, id);
  for (let index = 0; index < 95; index += 1) {
    collector.hear(user(index, `u${index}`, `said ${index}`));
    if (index % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await collector.finish();
  expect(ranges.at(-1)).toBe(95);
  expect(ranges.length).toBeLessThanOrEqual(6);
});

test("A-2 A-3 A-5 A-6 A-8 a piece has an id, words and times of its own, and goes with its meeting", async () => {
  await using db = await testDatabase();
  const { id, userId } = await meetingIn(db);
  const { collector } = collect(db.prisma, id);
  collector.hear(at(4, { type: "input_audio_buffer.speech_started", item_id: "u1" }));
  collector.hear(user(7.5, "u1", "took a while"));
  await collector.finish();
  const row = await db.prisma.transcriptSegment.findFirstOrThrow({ where: { conversationId: id } });
  expect(row).toMatchObject({ text: "took a while", startSeconds: 4, endSeconds: 7.5 });
  expect(row.spokenAt).toEqual(new Date(began + 4_000));
  expect(row.createdAt.getTime()).toBeGreaterThan(began);
  await expect(db.prisma.$executeRaw`UPDATE transcript_segment SET text = NULL`).rejects.toThrow(/null/);
  await deleteConversation(db.prisma, { userId, id });
  expect(await db.prisma.transcriptSegment.count()).toBe(0);
});

test("weak point 11: words that come after the answer stand where they were begun", async () => {
  await using db = await testDatabase();
  const { id } = await meetingIn(db);
  const { collector } = collect(db.prisma, id);
  collector.hear(at(1, { type: "conversation.item.added", item: { id: "u1", role: "user" } }));
  collector.hear(at(3, { type: "response.output_item.added", item: { id: "a1", role: "assistant" } }));
  collector.hear(agent(5, "a1", "the answer"));
  expect(collector.isWaiting).toBe(true);
  collector.hear(user(6, "u1", "the question"));
  expect(collector.isWaiting).toBe(false);
  await collector.finish();
  expect((await segmentsOf(db.prisma, id)).map(({ text }) => text)).toEqual(["the question", "the answer"]);
});
