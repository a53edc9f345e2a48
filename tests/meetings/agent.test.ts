import { expect, test } from "vitest";
import { callAgentAgain, callAgentsAgain } from "#records/meetings/agent-again.ts";
import { sharedMeetings, startMeetings } from "./system.ts";
import type { MeetingSystem } from "./system.ts";

const patience = { timeout: 45_000, interval: 150 };
const shared = sharedMeetings();

async function inCall(at: MeetingSystem) {
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  return { id, call };
}

const texts = async (at: MeetingSystem, id: string) => (await at.transcript(id)).map(({ text }) => text);

test("weak point 6: an agent whose connection breaks comes back with the conversation so far", async () => {
  const at = shared();
  const { id, call } = await inCall(at);
  call.say({ speaker: "user", text: "My name is Judith." });
  await expect.poll(() => texts(at, id), patience).toHaveLength(1);
  call.openLinks()[0]?.cut();
  const second = await call.agent(2);
  expect(second.session().instructions).toContain("My name is Judith.");
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  expect((await at.run(id)).status).toBe("active");
  call.say({ speaker: "user", text: "Where were we?" });
  await expect.poll(() => texts(at, id), patience).toEqual(["My name is Judith.", "Where were we?"]);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
}, 120_000);

test("an error in mid-call, which closes the socket without a word, is a loss to recover from", async () => {
  const at = shared();
  const { id, call } = await inCall(at);
  call.openLinks()[0]?.sendError({ type: "invalid_request_error", code: "response_cancel_not_active", message: "no" });
  await call.agent(2);
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
}, 120_000);

test("weak point 6: a worker that restarts in the call loses nothing and needs nobody", async () => {
  const at = shared();
  const { id, call } = await inCall(at);
  call.say({ speaker: "user", text: "Before the restart." });
  await expect.poll(() => texts(at, id), patience).toHaveLength(1);
  await at.stopWorker();
  await at.startWorker();
  const second = await call.agent(2);
  expect(second.session().instructions).toContain("Before the restart.");
  call.say({ speaker: "agent", text: "And after it." });
  await expect.poll(() => texts(at, id), patience).toEqual(["Before the restart.", "And after it."]);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
}, 120_000);

test("before the provider's limit of an hour the link is rolled over, with what was said", async () => {
  await using at = await startMeetings({ activities: { linkLimitMs: 1_500 } });
  const { id, call } = await inCall(at);
  call.say({ speaker: "user", text: "A long story begins." });
  await expect.poll(() => texts(at, id), patience).toHaveLength(1);
  const third = await call.agent(3);
  expect(third.session().instructions).toContain("A long story begins.");
  expect(call.openLinks().length).toBeLessThanOrEqual(1);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
}, 120_000);

test("weak point 5: a refused key is shown to the people in the call and never ends the meeting", async () => {
  await using at = await startMeetings();
  at.stream.failNext("agent", { kind: "error", error: { code: "invalid_api_key", message: "Incorrect API key" } }, 50);
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("failed");
  expect((await at.meeting(id)).agentMessage).toMatch(/key/i);
  expect((await at.run(id)).status).toBe("active");
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("failed");
  expect((await at.run(id)).errorCode).toBe("not_heard");
}, 120_000);

test("an agent that was refused for its key is called again, by a person or the worker's next start", async () => {
  await using at = await startMeetings();
  const key = { kind: "error", error: { code: "invalid_api_key", message: "Incorrect API key" } } as const;
  const { id, call } = await inCall(at);
  for (const callAgain of [
    () => callAgentAgain(at.db.prisma, { userId: at.owner.userId, id }),
    () => callAgentsAgain(at.db.prisma),
  ]) {
    at.stream.failNext("agent", key, 50);
    call.openLinks()[0]?.cut();
    await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("failed");
    at.stream.mend();
    expect(await callAgain()).toBeTruthy();
    await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  }
  expect(await callAgentsAgain(at.db.prisma)).toBe(0);
  call.say({ speaker: "user", text: "Good to have you back." });
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect(await texts(at, id)).toEqual(["Good to have you back."]);
}, 120_000);

test("weak point 5: an agent that is refused for a while joins in the end", async () => {
  const at = shared();
  at.stream.failNext("agent", { kind: "status", status: 503 }, 3);
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
}, 120_000);

test("weak points 8 and 11: words that come late are waited for, and stand where they were spoken", async () => {
  const at = shared();
  const { id, call } = await inCall(at);
  const link = call.openLinks()[0]!;
  link.send({ type: "input_audio_buffer.speech_started", item_id: "item_u1", audio_start_ms: 10 });
  link.send({ type: "conversation.item.added", item: { id: "item_u1", role: "user", type: "message" } });
  call.say({ speaker: "agent", text: "I see." });
  await expect.poll(() => texts(at, id), patience).toEqual(["I see."]);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("processing");
  link.send({
    type: "conversation.item.input_audio_transcription.completed",
    item_id: "item_u1",
    content_index: 0,
    transcript: "I said this first.",
  });
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect(await texts(at, id)).toEqual(["I said this first.", "I see."]);
}, 120_000);
