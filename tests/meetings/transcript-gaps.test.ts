import { expect, test } from "vitest";
import { gapsOf } from "#records/meetings/transcript-gaps.ts";
import { sharedMeetings } from "./system.ts";

const patience = { timeout: 45_000, interval: 150 };
const shared = sharedMeetings();
const minute = 60_000;

const agentState = async (id: string) => (await shared().meeting(id)).agentState;
const rows = (id: string) => shared().db.prisma.callAbsence.findMany({ where: { conversationId: id } });
const reasons = async (id: string) => (await rows(id)).map(({ reason, endedAt }) => [reason, endedAt !== null]);

/** A call that began a while ago, by its provider. */
async function begun(agoMs: number) {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start({ at: new Date(Date.now() - agoMs) });
  return { at, id, call };
}

async function inCall(agoMs = minute) {
  const meeting = await begun(agoMs);
  await meeting.call.agent();
  await expect.poll(() => agentState(meeting.id), patience).toBe("present");
  return meeting;
}

/** Lets gaps that go on have begun earlier, since no test waits for them to grow. */
const grow = (id: string, seconds: number) =>
  shared().db.prisma.$executeRaw`
    UPDATE call_absence SET started_at = started_at - make_interval(secs => ${seconds})
    WHERE conversation_id = ${id}::uuid AND ended_at IS NULL`;

async function finished(id: string) {
  await expect.poll(async () => (await shared().run(id)).status, patience).toMatch(/completed|failed/);
}

test("a call that the agent was refused in for a while says how long it was not heard, from its start", async () => {
  shared().stream.failNext("agent", { kind: "status", status: 503 }, 3);
  const { at, id, call } = await begun(31_000);
  await call.agent();
  await expect.poll(() => agentState(id), patience).toBe("present");
  call.say({ speaker: "user", text: "Now you hear me." });
  await at.whenStored(id, 1);
  await call.end();
  await finished(id);
  // Four tries, one gap.
  expect(await reasons(id)).toEqual([["not_joined", true]]);
  const [gap] = await gapsOf(at.db.prisma, id);
  expect(gap).toMatchObject({ start: 0, reason: "not_joined" });
  expect(gap!.end).toBeGreaterThanOrEqual(31);
  expect((await at.run(id)).warnings).toContainEqual(
    expect.stringMatching(/^The call was not heard for \d+ s\. The transcript shows where\.$/),
  );
}, 120_000);

test("a lost connection leaves a hole that API and export show at its place, and a short one does not", async () => {
  const { at, id, call } = await inCall();
  const [meeting, joined] = [await at.meeting(id), await rows(id)];
  expect(joined.map(({ reason }) => reason)).toEqual(["not_joined"]);
  await at.db.prisma.callAbsence.deleteMany({ where: { conversationId: id } });
  call.say({ speaker: "user", text: "Before it." });
  await at.whenStored(id, 1);
  // Both links come back at once; only the first was away for long.
  const away = call.openLinks()[0]!;
  at.stream.failNext("agent", { kind: "status", status: 503 }, 2);
  away.cut();
  await expect.poll(() => reasons(id), patience).toEqual([["lost", false]]);
  await at.db.prisma.transcriptSegment.updateMany({ where: { conversationId: id }, data: { startSeconds: 40 } });
  await grow(id, 14);
  await call.agent(2);
  await expect.poll(() => agentState(id), patience).toBe("present");
  call.say({ speaker: "user", text: "After it." });
  await at.whenStored(id, 2);
  call.openLinks()[0]!.cut();
  await call.agent(3);
  await expect.poll(() => agentState(id), patience).toBe("present");
  await call.end();
  await finished(id);
  expect(await reasons(id)).toEqual([
    ["lost", true],
    ["lost", true],
  ]);
  const read = async (path: string) => (await fetch(`${at.web.url}${path}`, { headers: at.owner.headers })).text();
  const hole = /\(Not heard for \d+ s: the connection was lost\)/.exec(
    await read(`/api/recordings/${id}/export?format=txt`),
  );
  expect(hole).not.toBeNull();
  const lines = (await read(`/api/recordings/${id}/export?format=txt`))
    .split("\n")
    .filter((line) => line.startsWith("["));
  expect(lines.map((line) => line.replace(/^\[[\d:]+\] /, ""))).toEqual([
    expect.stringContaining("Before it."),
    hole![0],
    expect.stringContaining("After it."),
  ]);
  const { absences } = JSON.parse(await read(`/api/meetings/${id}`)) as { absences: { start: number }[] };
  expect(absences).toMatchObject([{ reason: "lost" }]);
  expect(absences[0]!.start).toBeGreaterThan((Date.now() - meeting.startedAt!.getTime()) / 1000 - 60);
}, 120_000);

test("a worker that stops in order hears the call until another worker has the seat", async () => {
  const { at, id, call } = await inCall();
  await at.db.prisma.callAbsence.deleteMany({ where: { conversationId: id } });
  await at.replaceWorker(async () => {
    call.say({ speaker: "user", text: "While nobody works." });
    await at.whenStored(id, 1);
  });
  await call.agent(2);
  await expect.poll(() => reasons(id), patience).toEqual([["restarted", true]]);
  call.say({ speaker: "user", text: "Still here?" });
  await at.whenStored(id, 2);
  expect(call.openLinks()).toHaveLength(1);
  await call.end();
  await finished(id);
}, 120_000);

test("a worker that stops without another says since when nobody hears the call", async () => {
  const { at, id, call } = await inCall();
  await at.db.prisma.callAbsence.deleteMany({ where: { conversationId: id } });
  await at.stopWorker();
  expect(await reasons(id)).toEqual([["restarted", false]]);
  await at.startWorker();
  await call.agent(2);
  await expect.poll(() => reasons(id), patience).toEqual([["restarted", true]]);
  await call.end();
  await finished(id);
}, 120_000);

test("an agent that gives up is away until the call's end", async () => {
  const { at, id, call } = await inCall();
  at.stream.failNext("agent", { kind: "error", error: { code: "invalid_api_key", message: "Incorrect API key" } }, 50);
  call.openLinks()[0]!.cut();
  await expect.poll(() => agentState(id), patience).toBe("failed");
  at.stream.failNext("agent", { kind: "status", status: 503 }, 0);
  expect((await reasons(id)).at(-1)).toEqual(["gave_up", false]);
  await grow(id, 14);
  await call.end();
  await finished(id);
  const last = (await rows(id)).at(-1)!;
  expect(last).toMatchObject({ reason: "gave_up", endedAt: (await at.meeting(id)).endedAt });
}, 120_000);
