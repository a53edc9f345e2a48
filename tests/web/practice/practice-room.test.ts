import { expect, test } from "vitest";
import { CallWebhook, meetingEventOf, meetingIdOf, occurredAt } from "#domain/call-webhook.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { until } from "../live/live-server.ts";
import { inboxOf, practiceMeeting, practiceServer, testAgent, untilTold } from "./practice-setup.ts";

test("the first person in starts the call, the last one out ends it, and the inbox hears of both once", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId, name: "Anna", role: "host" });
  const ben = await server.join({ meetingId, name: "Ben", role: "guest" });
  await until(() => anna.people().length === 2, "both people");
  expect(anna.people().map(({ name, role, away }) => [name, role, away])).toEqual([
    ["Anna", "host", false],
    ["Ben", "guest", false],
  ]);
  anna.send({ type: "leave" });
  await until(() => anna.end() !== null && ben.people().length === 1, "Anna's leave");
  expect(anna.end()).toBe(4410);
  expect((await inboxOf(db, meetingId)).filter(({ type }) => type === "call.session_ended")).toEqual([]);
  ben.send({ type: "leave" });
  const ended = await untilTold(db, meetingId, "call.session_ended");
  const told = await inboxOf(db, meetingId);
  expect(told.map(({ type, state, sender }) => [type, state, sender])).toEqual([
    ["call.session_started", "new", "practice"],
    ["call.session_participant_joined", "new", "practice"],
    ["call.session_participant_joined", "new", "practice"],
    ["call.session_participant_left", "new", "practice"],
    ["call.session_participant_left", "new", "practice"],
    ["call.session_ended", "new", "practice"],
  ]);
  const [start] = told.map(({ body }) => CallWebhook.parse(body));
  const end = CallWebhook.parse(ended.body);
  expect([meetingIdOf(start!), meetingIdOf(end)]).toEqual([meetingId, meetingId]);
  expect(meetingEventOf(end, 0, null)?.type).toBe("callEnded");
  expect(start?.session_id).toBe(end.session_id);
  expect(occurredAt(end)!.getTime()).toBeGreaterThanOrEqual(occurredAt(start!)!.getTime());
  const again = await server.join({ meetingId });
  await until(() => again.end() !== null, "the closed door");
  expect(again.end()).toBe(4410);
});

test("typed turns reach the agent, its words come back as captions that replace one another", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  anna.send({ type: "say", text: "Before anybody came" });
  const ada = await testAgent(db, meetingId);
  await until(() => anna.agent()?.state === "listening", "the agent");
  anna.send({ type: "say", text: "Hello <b>there</b>" });
  await until(() => ada.orders.filter(({ type }) => type === "say").length === 2, "both turns");
  expect(ada.orders.flatMap((order) => (order.type === "say" ? [order.text] : []))).toEqual([
    "Before anybody came",
    "Hello <b>there</b>",
  ]);
  ada.tell({ type: "response.created", response: { id: "r" } });
  await until(() => anna.agent()?.state === "thinking", "thinking");
  const item = { response_id: "r", item_id: "reply" };
  ada.tell({ type: "response.output_audio_transcript.delta", ...item, delta: "Good " });
  ada.tell({ type: "response.output_audio_transcript.delta", ...item, delta: "day." });
  await until(() => anna.agent()?.state === "speaking", "speaking");
  ada.tell({ type: "response.output_audio.done", ...item });
  await until(() => anna.captions().some(({ itemId, final }) => itemId === "reply" && final), "the whole reply");
  anna.send({ type: "spoken", itemId: "reply", chars: 5, done: false });
  anna.send({ type: "spoken", itemId: "reply", chars: 9, done: true });
  await until(() => ada.orders.some((order) => order.type === "spoken" && order.done), "what was spoken");
  ada.tell({ type: "response.output_audio_transcript.done", ...item, transcript: "Good", interrupted: true });
  ada.tell({ type: "response.done", response: { id: "r", status: "cancelled" } });
  await until(() => anna.agent()?.state === "listening", "listening again");
  expect(
    anna.captions().map(({ name, speaker, text, final, interrupted }) => [name, speaker, text, final, interrupted]),
  ).toEqual([
    ["Anna", "person", "Before anybody came", true, false],
    ["Anna", "person", "Hello <b>there</b>", true, false],
    ["Ada", "agent", "Good", true, true],
  ]);
  const late = await server.join({ meetingId, name: "Late" });
  expect(late.captions().map(({ text }) => text)).toEqual(["Before anybody came", "Hello <b>there</b>", "Good"]);
});

test("a typed turn that no agent has confirmed is told to the next one, a confirmed one is not", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  const first = await testAgent(db, meetingId);
  anna.send({ type: "say", text: "Confirmed" });
  await until(() => first.orders.some(({ type }) => type === "say"), "the turn");
  const [said] = first.orders.flatMap((order) => (order.type === "say" ? [order] : []));
  first.tell({
    type: "conversation.item.input_audio_transcription.completed",
    item_id: said?.itemId,
    transcript: "Confirmed",
  });
  anna.send({ type: "say", text: "Not confirmed" });
  await until(() => first.orders.filter(({ type }) => type === "say").length === 2, "the second turn");
  first.ws.terminate();
  await until(() => anna.agent()?.state === "joining", "the loss");
  expect(anna.agent()?.message).toMatch(/coming back/);
  const second = await testAgent(db, meetingId);
  await until(() => second.orders.some(({ type }) => type === "say"), "the turn again");
  expect(second.orders.flatMap((order) => (order.type === "say" ? [order.text] : []))).toEqual(["Not confirmed"]);
  const third = await testAgent(db, meetingId);
  await until(() => second.end() !== null, "the replaced agent's end");
  expect(second.end()).toBe(4409);
  expect(third.end()).toBe(null);
});

test("a lost connection has a grace time to come back in, and is left when it does not", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db, { graceMs: 1_500 });
  const meetingId = await practiceMeeting(db);
  const participantId = newId();
  const anna = await server.join({ meetingId, participantId });
  const ben = await server.join({ meetingId, name: "Ben" });
  anna.ws.terminate();
  await until(() => ben.people().some(({ away }) => away), "Anna's absence");
  const back = await server.join({ meetingId, participantId });
  await until(() => ben.people().every(({ away }) => !away), "Anna's return");
  expect(back.people()).toHaveLength(2);
  expect((await inboxOf(db, meetingId)).filter(({ type }) => type.endsWith("participant_joined"))).toHaveLength(2);
  back.ws.terminate();
  const lostAt = Date.now();
  await until(() => ben.people().length === 1, "the end of Anna's grace");
  expect(Date.now() - lostAt).toBeGreaterThan(1_000);
  ben.ws.terminate();
  const ended = await untilTold(db, meetingId, "call.session_ended");
  // They were last there when the connection was lost, not when the waiting ended.
  expect(Date.now() - ended.occurredAt!.getTime()).toBeGreaterThan(1_000);
});

test("the same participant from elsewhere takes their own place over", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const participantId = newId();
  const tab = await server.join({ meetingId, participantId });
  const other = await server.join({ meetingId, participantId });
  await until(() => tab.end() !== null, "the first tab's end");
  expect(tab.end()).toBe(4409);
  expect(other.people()).toHaveLength(1);
});

test("A-75 only a host ends the call for everybody", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const host = await server.join({ meetingId, role: "host" });
  const guest = await server.join({ meetingId, role: "guest" });
  const ada = await testAgent(db, meetingId);
  guest.send({ type: "end" });
  guest.send({ type: "ping" });
  await until(() => guest.of("pong").length === 1, "the answer to a ping");
  expect(guest.of("ended")).toEqual([]);
  host.send({ type: "end" });
  await until(() => guest.end() !== null && host.end() !== null, "everybody's end");
  expect(guest.of("ended")).toEqual([{ type: "ended", by: "host" }]);
  expect([guest.end(), host.end()]).toEqual([4410, 4410]);
  await until(() => ada.orders.some(({ type }) => type === "end"), "the agent's order to end");
  await untilTold(db, meetingId, "call.session_ended");
  await until(() => ada.end() !== null, "the agent's end, though it does not go by itself");
});

test("a meeting that is over by other means closes the room, and a deleted one too", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const [cancelled, deleted] = [await practiceMeeting(db), await practiceMeeting(db)];
  const [anna, ben] = [await server.join({ meetingId: cancelled }), await server.join({ meetingId: deleted })];
  await db.prisma.run.updateMany({ where: { conversationId: cancelled }, data: { status: "cancelled" } });
  await db.prisma.conversation.delete({ where: { id: deleted } });
  await until(() => anna.end() !== null && ben.end() !== null, "both ends");
  expect(anna.of("ended")).toEqual([{ type: "ended", by: "closed" }]);
  expect([anna.end(), ben.end()]).toEqual([4410, 4410]);
});

test("what is known of an agent that could not come is shown to the people in the room", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  await db.prisma.meeting.update({
    where: { id: meetingId },
    data: { agentState: "failed", agentMessage: "The key was refused." },
  });
  await until(() => anna.agent()?.state === "failed", "the failure");
  expect(anna.agent()?.message).toBe("The key was refused.");
});

test("a guest reads what is said from their coming on, and nothing that was begun before", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId, name: "Anna", role: "host" });
  const ada = await testAgent(db, meetingId);
  await until(() => anna.agent()?.state === "listening", "the agent");
  anna.send({ type: "say", text: "A secret" });
  ada.tell({ type: "response.output_audio_transcript.delta", item_id: "r1", delta: "Kept ", response_id: "r" });
  ada.tell({ type: "input_audio_buffer.speech_started", item_id: "u1" });
  await until(() => anna.captions().length === 2, "what was said before");

  const guest = await server.join({ meetingId, name: "Grace", role: "guest" });
  await until(() => guest.of("joined").length === 1, "the guest");
  const member = await server.join({ meetingId, name: "Ben", role: "member" });
  await until(() => member.captions().length === 2, "what a member may read");
  // Both were begun before the guest came.
  ada.tell({ type: "response.output_audio_transcript.done", item_id: "r1", transcript: "Kept between us." });
  ada.tell({
    type: "conversation.item.input_audio_transcription.completed",
    item_id: "u1",
    transcript: "Another secret",
  });
  anna.send({ type: "say", text: "Welcome" });
  await until(() => anna.captions().length === 4, "everything");
  await until(() => guest.captions().length === 1, "the welcome");
  expect(guest.captions().map(({ text }) => text)).toEqual(["Welcome"]);

  // The same guest on another connection, as after a reload.
  const again = await server.join({ meetingId, name: "Grace", role: "guest", participantId: guest.participantId });
  await until(() => again.of("joined").length === 1, "the reload");
  expect(again.captions().map(({ text }) => text)).toEqual(["Welcome"]);
});
