import { expect, test } from "vitest";
import { readRealtime } from "#domain/realtime-events.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { pause, until } from "#tests/web/live/live-server.ts";
import { practiceMeeting, practiceServer } from "#tests/web/practice/practice-setup.ts";
import type { PracticeClient } from "#tests/web/practice/practice-setup.ts";
import { practiceCalls, practiceSeat } from "./practice-setup.ts";

/** A browser without a voice: it has shown the reply as soon as it is whole. */
function shows(person: PracticeClient) {
  const shown = new Set<string>();
  person.ws.on("message", () => {
    for (const { itemId, speaker, final, text } of person.captions()) {
      if (speaker !== "agent" || !final || shown.has(itemId)) continue;
      shown.add(itemId);
      person.send({ type: "spoken", itemId, chars: text.length, done: true });
    }
  });
}

test("A-45 A-46 the built-in agent greets, walks the session's goals and closes, and every turn is told", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db);
  const meetingId = await practiceMeeting(db);
  expect(await calls.callState(meetingId, AbortSignal.timeout(5_000))).toBe(null);
  const anna = await server.join({ meetingId, name: "Anna" });
  shows(anna);
  const seat = practiceSeat(meetingId);
  const link = await calls.connectAgent(seat);
  const replied = async (number: number) => until(() => seat.replies().length === number, `reply ${number}`);
  await replied(1);
  expect(seat.replies()[0]).toMatch(/^Hello, I am Ada\. I am Convene's built-in practice agent.*Agree on a date\./);
  anna.send({ type: "say", text: "May." });
  await replied(2);
  expect(seat.replies()[1]).toMatch(/more about that/);
  anna.send({ type: "say", text: "The second of May suits all of us best." });
  await replied(3);
  expect(seat.replies()[2]).toContain("Choose a place.");
  anna.send({ type: "say", text: "skip" });
  await replied(4);
  expect(seat.replies()[3]).toMatch(/we skip that.*my last question/);
  anna.send({ type: "say", text: "No, goodbye" });
  await replied(5);
  expect(seat.turns()).toEqual(["May.", "The second of May suits all of us best.", "skip", "No, goodbye"]);
  expect(anna.captions().map(({ name }) => name)).toEqual([
    "Ada",
    "Anna",
    "Ada",
    "Anna",
    "Ada",
    "Anna",
    "Ada",
    "Anna",
    "Ada",
  ]);
  const news = seat.heard.map(({ event }) => readRealtime(event)).filter((each) => each?.kind === "said");
  expect(news.map((each) => each.speaker)).toEqual([
    "agent",
    "user",
    "agent",
    "user",
    "agent",
    "user",
    "agent",
    "user",
    "agent",
  ]);
  expect(anna.agent()?.message).toMatch(/cannot hear you.*No speech model here/);

  const [session] = (await calls.callState(meetingId, AbortSignal.timeout(5_000))) ?? [];
  expect(session).toMatchObject({ endedAt: null });
  anna.send({ type: "leave" });
  expect(await link.closed).toEqual({ askedFor: true, reason: "the call has ended" });
  const ended = async () => (await calls.callState(meetingId, AbortSignal.timeout(5_000)))?.[0]?.endedAt ?? null;
  while ((await ended()) === null) await pause(20);
});

test("an agent that comes back carries on where the conversation stopped, without greeting again", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  shows(anna);
  const greeting = "Hello, I am Ada. Let's talk about this: Agree on a date. What can you tell me about it?";
  const waiting = practiceSeat(meetingId, {
    soFar: [
      { speaker: "agent", text: greeting },
      { speaker: "user", text: "The second of May suits all of us best." },
    ],
  });
  const link = await calls.connectAgent(waiting);
  await until(() => waiting.replies().length === 1, "the answer that was still due");
  expect(waiting.replies()[0]).toContain("Choose a place.");
  expect(waiting.replies()[0]).not.toContain("Hello");
  await link.close();
  expect(await link.closed).toEqual({ askedFor: true, reason: "the agent has left" });

  const answered = practiceSeat(meetingId, { soFar: [{ speaker: "agent", text: greeting }] });
  await calls.connectAgent(answered);
  anna.send({ type: "say", text: "It is the second of May, all agreed." });
  await until(() => answered.replies().length === 1, "the next question");
  expect(answered.replies()[0]).toContain("Choose a place.");
});

test("an interrupted reply keeps what was said aloud of it, in the transcript and for the people", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  const seat = practiceSeat(meetingId);
  await calls.connectAgent(seat);
  await until(() => anna.captions().some(({ final }) => final), "the greeting");
  const [greeting] = anna.captions();
  anna.send({ type: "spoken", itemId: greeting!.itemId, chars: 8, done: false });
  anna.send({ type: "interrupt" });
  await until(() => seat.replies().length === 1, "the end of the reply");
  expect(seat.replies()).toEqual(["Hello, I"]);
  expect(seat.heard.at(-1)?.event).toMatchObject({ type: "response.done", response: { status: "cancelled" } });
  await until(() => anna.captions()[0]!.interrupted, "the shortened caption");
  expect(anna.captions()[0]).toMatchObject({ text: "Hello, I", final: true });
  expect(anna.agent()?.state).toBe("listening");
});

test("two people are told apart, and the agent hears who says what", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  await using calls = practiceCalls(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId, name: "Anna" });
  const ben = await server.join({ meetingId, name: "Ben" });
  const seat = practiceSeat(meetingId, { soFar: [{ speaker: "agent", text: "Go on." }] });
  await calls.connectAgent(seat);
  anna.send({ type: "say", text: "I would like to go in the spring." });
  await until(() => seat.turns().length === 1, "Anna's turn");
  ben.send({ type: "say", text: "I would rather wait until the autumn." });
  await until(() => seat.turns().length === 2, "Ben's turn");
  const turns = seat.heard.filter(({ event }) => event.type.endsWith("transcription.completed"));
  expect(turns.map(({ event }) => event["participant_name"])).toEqual(["Anna", "Ben"]);
  expect(
    ben
      .captions()
      .filter(({ speaker }) => speaker === "person")
      .map(({ name }) => name),
  ).toEqual(["Anna", "Ben"]);
});

test("a link whose room is lost says so with every word it had, and the next one finds the room where it is now", async () => {
  await using db = await testDatabase();
  const first = await practiceServer(db, { graceMs: 60_000 });
  await using calls = practiceCalls(db);
  const meetingId = await practiceMeeting(db);
  const participantId = newId();
  const anna = await first.join({ meetingId, participantId });
  const seat = practiceSeat(meetingId);
  const link = await calls.connectAgent(seat);
  await until(() => anna.captions().length === 1, "the greeting");
  await first.die();
  expect(await link.closed).toMatchObject({ askedFor: false });
  expect(seat.replies()).toHaveLength(1);
  await using second = await practiceServer(db, { port: first.port });
  const soFar = [{ speaker: "agent" as const, text: seat.replies()[0]! }];
  const again = practiceSeat(meetingId, { soFar });
  const [back] = await Promise.all([second.join({ meetingId, participantId }), calls.connectAgent(again)]);
  back.send({ type: "say", text: "The second of May suits all of us best." });
  await until(() => back.captions().some(({ text }) => text.includes("Choose a place.")), "the next question");
  const starts = await db.prisma.webhookDelivery.count({
    where: { subjectId: meetingId, type: "call.session_started" },
  });
  expect(starts).toBe(1);
  await first[Symbol.asyncDispose]();
});

test("nobody opened the room: the agent gives up in time, with words for it", async () => {
  await using db = await testDatabase();
  await using calls = practiceCalls(db, { connectMs: 300 });
  const meetingId = await practiceMeeting(db);
  await expect(calls.connectAgent(practiceSeat(meetingId))).rejects.toMatchObject({
    type: "provider_unavailable",
    message: expect.stringMatching(/practice room could not be reached/),
  });
  const seat = practiceSeat(meetingId);
  const joining = calls.connectAgent(seat);
  seat.leaving.abort(new Error("called back"));
  await expect(joining).rejects.toThrow("called back");
});
