import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import { ApplicationFailure } from "@temporalio/common";
import { expect, test } from "vitest";
import { retryRun } from "#records/runs/run-requests.ts";
import { streamEvents } from "#tests/fakes/stream.ts";
import { scriptedPlanReader } from "./scripted-plan.ts";
import { sharedMeetings, startMeetings } from "./system.ts";
import type { MeetingSystem } from "./system.ts";

const patience = { timeout: 45_000, interval: 150 };
const shared = sharedMeetings();
const plan = [
  { session_name: "Goals", goals: ["Say what you want"] },
  { session_name: "Habits", goals: ["Name a habit"] },
];
const reconcile = (at: MeetingSystem) =>
  at.client.workflow.execute("reconcile", { workflowId: `reconcile-${crypto.randomUUID()}`, taskQueue: at.taskQueue });

test("weak point 21: a call whose start and end were both lost is found and repaired by asking the provider", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start({ lost: true });
  await reconcile(at);
  await call.agent();
  call.say({ speaker: "user", text: "Can anybody hear me?" });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(1);
  await call.end({ lost: true });
  await at.db.prisma.$executeRaw`UPDATE run SET updated_at = now() - interval '2 minutes'`;
  await reconcile(at);
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  // Stream's API tells nanoseconds in a number, which rounds to a millisecond.
  const off = (await at.meeting(id)).endedAt!.getTime() - call.sessions[0]!.endedAt!.getTime();
  expect(Math.abs(off)).toBeLessThanOrEqual(1);
  await reconcile(at);
  expect(await at.deliveries(id)).toHaveLength(2);
  // Whoever hears of a call late may have missed its beginning, which is told besides.
  const lost = (what: string) =>
    `The provider's message that the call ${what} did not arrive. Convene asked the provider and went on by its answer.`;
  expect((await at.run(id)).warnings).toEqual(expect.arrayContaining([lost("began"), lost("was over")]));
}, 120_000);

test("weak point 21: a call whose start no webhook tells of is asked for soon after somebody was let in", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const asked = () => at.stream.requests.filter(({ path }) => path.endsWith(`/call/default/${id}`));
  expect(await at.ask("POST", `/api/meetings/${id}/join`, {})).toBe(200);
  // Let in, but not in the call yet: it is asked again.
  await expect.poll(() => asked().length, patience).toBeGreaterThan(0);
  const call = at.stream.call(id);
  await call.start({ lost: true });
  await call.agent();
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).not.toBe("active");
  expect((await at.deliveries(id)).filter(({ type }) => type === "call.session_started")).toMatchObject([
    { sender: "reconcile" },
  ]);
}, 120_000);

test("a webhook that arrives after the provider was asked is not spoken of as lost", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  call.say({ speaker: "user", text: "We agreed to meet on Monday." });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(1);
  await at.db.prisma.$executeRaw`UPDATE run SET updated_at = now() - interval '2 minutes'`;
  await reconcile(at);
  expect((await at.deliveries(id)).map(({ sender }) => sender).toSorted()).toEqual(["reconcile", "stream"]);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect((await at.run(id)).warnings).not.toContainEqual(expect.stringContaining("did not arrive"));
  // Nobody asks on behalf of somebody who comes into a call that is known of.
  expect(await at.db.prisma.outbox.count({ where: { kind: "call.ask", partitionKey: `call.ask ${id}` } })).toBe(0);
}, 120_000);

test("a call in an old meeting, whose start was lost, is looked for once somebody was let in", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  await at.db.prisma.conversation.update({ where: { id }, data: { createdAt: new Date(Date.now() - 7 * 86_400_000) } });
  const call = at.stream.call(id);
  await call.start({ lost: true });
  await reconcile(at);
  expect(await at.deliveries(id)).toEqual([]);
  expect(await at.ask("POST", `/api/meetings/${id}/join`, {})).toBe(200);
  await reconcile(at);
  await call.agent();
}, 120_000);

test("a meeting whose workflow was ended from outside is begun again by the next webhook", async () => {
  await using at = await startMeetings({ activities: { isExecutionOpen: async () => false } });
  const id = await at.addMeeting(await at.addAgent());
  await expect.poll(() => at.db.prisma.runClaim.count(), patience).toBe(1);
  await at.handle(id).terminate("by an operator");
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect((await at.deliveries(id)).map(({ state }) => state)).toEqual(["done", "done"]);
}, 120_000);

test("weak point 21: a call that nobody ends is over at its longest time", async () => {
  await using at = await startMeetings({ activities: { longestCallMs: 2_000 } });
  const id = await at.addMeeting(await at.addAgent());
  await at.stream.call(id).start();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect((await at.meeting(id)).cutOffAt).not.toBeNull();
  expect((await at.run(id)).warnings).toEqual([
    "The call was cut off after 1 min, the longest that this server allows.",
  ]);
}, 120_000);

test("a reminder comes once, ten minutes before, also when the meeting is moved", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent(), { scheduledAt: new Date(Date.now() + 3_600_000) });
  const notices = () => at.db.prisma.notification.findMany({ where: { type: "meeting.reminder" } });
  await expect.poll(async () => (await at.handle(id).describe()).status.name, patience).toBe("RUNNING");
  const sooner = new Date(Date.now() + 10 * 60_000 + 1_500).toISOString();
  expect(await at.ask("PATCH", `/api/meetings/${id}`, { scheduledAt: sooner })).toBe(200);
  await expect.poll(notices, patience).toHaveLength(1);
  expect((await at.meeting(id)).remindedAt).not.toBeNull();
  expect((await at.run(id)).status).toBe("pending");
}, 120_000);

test("A-10 A-54 A-66 A-102 weak point 18: trying again goes on from the stage that failed, with what was done before", async () => {
  const scripted = scriptedPlanReader();
  let broken = true;
  const reader = {
    ...scripted.reader,
    generateMeetingAnalysis: (...given: Parameters<typeof scripted.reader.generateMeetingAnalysis>) => {
      if (broken) throw ApplicationFailure.nonRetryable("The service refused the API key.", "key_refused");
      return scripted.reader.generateMeetingAnalysis(...given);
    },
  };
  await using at = await startMeetings({ activities: { choosePlanReader: () => reader } });
  const id = await at.addMeeting(await at.addAgent(plan));
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  call.say({ speaker: "user", text: "I want to plant an orchard behind the house." });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(1);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("failed");
  expect(await at.run(id)).toMatchObject({ errorCode: "key_refused", errorStage: "progress" });
  const before = await at.db.prisma.analysis.findFirstOrThrow({ where: { conversationId: id } });

  broken = false;
  const run = await at.run(id);
  expect(await retryRun(at.db.prisma, at.owner.userId, run.id)).toMatchObject({ ok: true });
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  const after = await at.db.prisma.analysis.findFirstOrThrow({ where: { conversationId: id } });
  expect(after.completedAt).toEqual(before.completedAt);
  expect(after.text).toBe("Covered Goals");
  const stages = await at.db.prisma.runStage.findMany({ where: { runId: run.id } });
  expect(Object.fromEntries(stages.map(({ stage, tries }) => [stage, tries]))).toMatchObject({
    summary: 1,
    progress: 2,
  });
  await expect.poll(() => at.next(id), patience).toHaveLength(1);
}, 120_000);

test("weak point 13: a next session that cannot be created leaves the meeting completed and is its own problem", async () => {
  const at = shared();
  const agentId = await at.addAgent(plan);
  const id = await at.addMeeting(agentId);
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  call.say({ speaker: "user", text: "I want to see the northern lights." });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(1);
  await at.db.prisma.$executeRaw`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$`;
  await at.db.prisma.$executeRaw`
    CREATE TRIGGER refuse BEFORE INSERT ON meeting FOR EACH ROW EXECUTE FUNCTION refuse()`;
  await call.end();
  await expect.poll(async () => (await at.meeting(id)).nextProblem, patience).toBeTruthy();
  expect((await at.run(id)).status).toBe("completed");
  await at.db.prisma.$executeRaw`DROP TRIGGER refuse ON meeting`;
  expect(await at.ask("POST", `/api/meetings/${id}/next-session`)).toBeLessThan(300);
  expect(await at.ask("POST", `/api/meetings/${id}/next-session`)).toBeLessThan(300);
  expect(await at.next(id)).toHaveLength(1);
  expect((await at.meeting(id)).nextProblem).toBeNull();
}, 120_000);

test("weak point 13: a plan whose agent was deleted in the call says why it does not go on", async () => {
  const at = shared();
  const agentId = await at.addAgent(plan);
  const id = await at.addMeeting(agentId);
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  call.say({ speaker: "user", text: "I want to learn the cello." });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(1);
  expect(await at.ask("DELETE", `/api/agents/${agentId}`)).toBe(204);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  await expect.poll(async () => (await at.meeting(id)).nextProblem, patience).toMatch(/agent/);
  expect(await at.next(id)).toEqual([]);
}, 120_000);

test("a recording of the call that comes ten minutes after the end still lands", async () => {
  const audio = await readFile(new URL("../fixtures/two-cities.wav", import.meta.url));
  const files = createServer((_request, response) => response.end(audio));
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  await using at = await startMeetings({ activities: { streamBaseUrl: origin } });
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  const [session] = call.sessions;
  const ready = streamEvents.recordingReady({
    meetingId: id,
    sessionId: session!.id,
    startedAt: session!.startedAt,
    endedAt: session!.endedAt!,
    at: new Date(Date.now() + 600_000),
    url: `${origin}/recording.mp4`,
  });
  await at.hook.send(ready, { repeat: 3 });
  await expect.poll(async () => (await at.meeting(id)).audioKey, patience).not.toBeNull();
  expect((await at.meeting(id)).audioType).toMatch(/wav/);
  expect((await at.run(id)).status).toBe("completed");
  files.close();
}, 120_000);

test("A-95 with live collection switched off the provider's own transcript is what gets analysed", async () => {
  const lines = [
    { speaker_id: "anna", type: "speech", text: "We agreed to paint the kitchen blue.", start_ts: 1200, stop_ts: 3800 },
    { speaker_id: "anna", type: "speech", text: "And the shelf comes down tomorrow.", start_ts: 4200, stop_ts: 6000 },
  ];
  const body = ["not json", ...lines.map((line) => JSON.stringify(line)), "{}"].join("\n");
  const files = createServer((_request, response) => response.end(body));
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  await using at = await startMeetings({ activities: { streamBaseUrl: origin, collectsLive: () => false } });
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  call.say({ speaker: "user", text: "This is not collected." });
  await call.end();
  await expect.poll(async () => (await at.run(id)).stage, patience).toBe("drain");
  const [session] = call.sessions;
  const at1 = { meetingId: id, sessionId: session!.id, startedAt: session!.startedAt, endedAt: session!.endedAt! };
  const ready = streamEvents.transcriptionReady({ ...at1, at: new Date(), url: `${origin}/transcript.jsonl` });
  await at.hook.send(ready, { repeat: 2 });
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect((await at.transcript(id)).map(({ text }) => text)).toEqual(lines.map(({ text }) => text));
  const analysis = await at.db.prisma.analysis.findFirstOrThrow({ where: { conversationId: id } });
  expect(analysis.text).toMatch(/kitchen|shelf/);
  files.close();
}, 120_000);
