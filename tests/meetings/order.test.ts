import { expect, test } from "vitest";
import { streamEvents } from "#tests/fakes/stream.ts";
import { sharedMeetings } from "./system.ts";

const patience = { timeout: 40_000, interval: 150 };
const shared = sharedMeetings();
const plan = [
  { session_name: "Goals", goals: ["Say what you want"] },
  { session_name: "Habits", goals: ["Name a habit"] },
];

test("weak points 2, 4, 14, 24: webhooks twice and out of order give one agent, one analysis, one next meeting", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent(plan));
  const call = at.stream.call(id);
  await call.start({ lost: true });
  const session = call.sessions[0]!;
  const facts = { meetingId: id, sessionId: session.id, startedAt: session.startedAt };
  const started = streamEvents.sessionStarted({ ...facts, at: session.startedAt });
  await Promise.all(Array.from({ length: 5 }, () => at.hook.send(started, { repeat: 3 })));
  const agent = await call.agent();
  call.say({ speaker: "user", text: "I want to learn to sail before the summer ends." });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(1);
  await call.end({ lost: true });
  const ended = streamEvents.sessionEnded({ ...facts, at: session.endedAt!, endedAt: session.endedAt });
  await at.hook.sendAll([ended, started, ended, started], { repeat: 4, shuffle: 7, atOnce: 8 });
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  await expect.poll(() => at.next(id), patience).toHaveLength(1);
  await at.hook.sendAll([ended, started], { repeat: 5, gzip: true });

  expect(call.links).toHaveLength(1);
  expect(agent.isOpen()).toBe(false);
  expect(at.plan.requests).toHaveLength(1);
  expect(await at.deliveries(id)).toHaveLength(2);
  expect(at.hook.deliveries.every(({ delivered }) => delivered)).toBe(true);
  expect(await at.next(id)).toHaveLength(1);
}, 120_000);

test("an end that comes before its start is kept and applied when the start confirms the call", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start({ lost: true });
  await call.end({ lost: true });
  const session = call.sessions[0]!;
  const facts = { meetingId: id, sessionId: session.id, startedAt: session.startedAt };
  await at.hook.send(streamEvents.sessionEnded({ ...facts, at: session.endedAt! }));
  await expect.poll(async () => (await at.deliveries(id)).map(({ state }) => state), patience).toEqual(["done"]);
  await expect.poll(async () => (await at.meeting(id)).endedAt, patience).toEqual(session.endedAt);
  expect((await at.run(id)).status).toBe("pending");

  await at.hook.send(streamEvents.sessionStarted({ ...facts, at: session.startedAt }));
  // Over before anybody could be sent into it.
  await expect.poll(async () => (await at.run(id)).errorCode, patience).toBe("not_heard");
  expect((await at.meeting(id)).startedAt).toEqual(session.startedAt);
  expect(call.links).toHaveLength(0);
}, 120_000);

test("A-55 weak point 10: a meeting without a word completes and says so plainly", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  const analysis = await at.db.prisma.analysis.findFirstOrThrow({ where: { conversationId: id } });
  expect(analysis.text).toBe("Nothing was said in this meeting.");
}, 120_000);

test("A-51 A-52 webhooks that come while no worker and no Temporal listens are done when they return", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  await at.stopWorker();
  const call = at.stream.call(id);
  const [started] = await call.start();
  const [ended] = await call.end();
  expect([started?.status, ended?.status]).toEqual([200, 200]);
  await at.startWorker();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("failed");
  expect((await at.run(id)).errorCode).toBe("not_heard");
}, 120_000);

test("weak points 3 and 15: a cancelled meeting stays cancelled, late events are kept as late and start no ghost", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  const agent = await call.agent();
  await at.ask("POST", `/api/meetings/${id}/cancel`);
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("cancelled");
  await agent.closed;
  // The call is ended at Stream, which tells of it: that the call has ended, and then its session.
  await expect
    .poll(async () => (await at.deliveries(id)).map(({ state }) => state), patience)
    .toEqual(["done", "late", "late"]);
  expect((await at.run(id)).status).toBe("cancelled");
  await expect.poll(async () => (await at.handle(id).describe()).status.name, patience).toBe("COMPLETED");
}, 120_000);

test("weak points 18 and 22: the page's leave starts processing without the provider's event", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("active");
  await at.ask("POST", `/api/meetings/${id}/leave`, { last: true });
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  const { processingStartedAt } = await at.meeting(id);
  const [, ...ends] = await at.deliveries(id);
  for (const { receivedAt } of ends) expect(receivedAt.getTime()).toBeGreaterThan(processingStartedAt!.getTime());
}, 120_000);

test("a lost tab: the call is over when nobody came back within the grace time", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await call.join({ userId: "anna" });
  await call.leave({ userId: "anna" }, { at: new Date(Date.now() - 25_000) });
  await call.join({ userId: "anna" }, { at: new Date(Date.now() - 24_000) });
  await expect
    .poll(async () => (await at.deliveries(id)).filter(({ state }) => state === "done"), patience)
    .toHaveLength(4);
  expect((await at.run(id)).status).toBe("active");
  await call.leave({ userId: "anna" }, { at: new Date(Date.now() + 500) });
  await expect.poll(async () => (await at.run(id)).status, { timeout: 60_000 }).toBe("completed");
}, 120_000);
