import { expect, test } from "vitest";
import { guestPath } from "#web/calls/guest-link.ts";
import { sharedMeetings, startMeetings } from "./system.ts";
import type { MeetingSystem } from "./system.ts";

const patience = { timeout: 45_000, interval: 150 };
const withPages = sharedMeetings({ settings: { NODE_ENV: "production" } });
const status = async (at: MeetingSystem, id: string) => (await at.run(id)).status;
const tabKey = "0123456789abcdef0123";

/** A call with its owner and a guest in it, as Stream tells of them; and what the guest's page asks for. */
async function callWithGuest(at: MeetingSystem) {
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  const path = guestPath(at.web.env.CONVENE_SECRET, await at.meeting(id));
  const ask = (body: object) =>
    fetch(`${at.web.url}${path}/call`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: at.web.url },
      body: JSON.stringify(body),
    });
  const { userId } = (await (await ask({ intent: "join", name: "Grace", tabKey })).json()) as { userId: string };
  const owner = { userId: at.owner.userId };
  const guest = { userId };
  await call.join(owner);
  await call.join(guest);
  await expect
    .poll(() => at.db.prisma.webhookDelivery.count({ where: { subjectId: id, state: "new" } }), patience)
    .toBe(0);
  return { id, call, ask, guest };
}

async function leavesHandedOver(at: MeetingSystem, id: string, count: number): Promise<void> {
  const dedupeKey = { startsWith: `meeting.leave:${id}:` };
  const done = () => at.db.prisma.outbox.count({ where: { dedupeKey, state: "done" } });
  await expect.poll(done, patience).toBe(count);
}

test("nobody ends a call in which others are known to be by saying that they were the last", async () => {
  const at = withPages();
  const { id, call, ask } = await callWithGuest(at);
  expect((await ask({ intent: "leave", last: true, tabKey })).status).toBe(204);
  // Neither under a false name, nor without one, nor as a member who is not the last.
  expect((await ask({ intent: "leave", last: true, tabKey: "another-tab-of-nobody" })).status).toBe(204);
  expect((await ask({ intent: "leave", last: true })).status).toBe(204);
  await leavesHandedOver(at, id, 3);
  expect(await status(at, id)).toBe("active");
  expect((await at.meeting(id)).leftAt).toBeNull();
  expect(call.toJson().ended_at).toBeFalsy();
  // The owner was the last indeed; the guest's own leaving is still on its way.
  expect(await at.ask("POST", `/api/meetings/${id}/leave`, { last: true })).toBe(202);
  await expect.poll(() => status(at, id), patience).toBe("completed");
}, 120_000);

test("a member's last does not end the call for a guest who is in it", async () => {
  const at = withPages();
  const { id, call, guest } = await callWithGuest(at);
  expect(await at.ask("POST", `/api/meetings/${id}/leave`, { last: true })).toBe(202);
  await leavesHandedOver(at, id, 1);
  expect(await status(at, id)).toBe("active");
  await call.leave(guest);
  await expect.poll(() => status(at, id), patience).toBe("completed");
}, 120_000);

test("ended for all is ended at Stream too, once the agent has given up its last words", async () => {
  const at = withPages();
  const { id, call } = await callWithGuest(at);
  call.say({ speaker: "user", text: "One last word." });
  expect(await at.ask("POST", `/api/meetings/${id}/leave`, { endForAll: true })).toBe(202);
  await expect.poll(() => Boolean(call.toJson().ended_at), patience).toBe(true);
  await expect.poll(() => status(at, id), patience).toBe("completed");
  expect((await at.transcript(id)).map(({ text }) => text)).toEqual(["One last word."]);
}, 120_000);

test("a cancelled call is ended at Stream too", async () => {
  const at = withPages();
  const { id, call } = await callWithGuest(at);
  expect(await at.ask("POST", `/api/meetings/${id}/cancel`)).toBe(202);
  await expect.poll(() => status(at, id), patience).toBe("cancelled");
  await expect.poll(() => Boolean(call.toJson().ended_at), patience).toBe(true);
}, 120_000);

test("a call that was cut off is ended at Stream too, though Stream fails at first", async () => {
  await using at = await startMeetings({ activities: { longestCallMs: 4_000 } });
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  at.stream.failNext("api", { kind: "status", status: 503 }, 2, `/api/v2/video/call/default/${id}/mark_ended`);
  await expect.poll(() => status(at, id), patience).toBe("completed");
  await expect.poll(() => Boolean(call.toJson().ended_at), patience).toBe(true);
}, 120_000);
