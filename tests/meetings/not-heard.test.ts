import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { streamEvents } from "#tests/fakes/stream.ts";
import { startMeetings } from "./system.ts";
import type { MeetingSystem, SystemOptions } from "./system.ts";

const patience = { timeout: 45_000, interval: 150 };
const refused = { kind: "error", error: { code: "invalid_api_key", message: "Incorrect API key" } } as const;
const plan = [
  { session_name: "Goals", goals: [] },
  { session_name: "Habits", goals: [] },
];

/** A server that gives the provider's transcript of a call, and what starts the system that may fetch from it. */
async function transcripts(lines: object[]) {
  const files = createServer((_request, response) =>
    response.end(lines.map((line) => JSON.stringify(line)).join("\n")),
  );
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  return {
    origin,
    [Symbol.dispose]: () => void files.close(),
  };
}

const says = (text: string, start: number, speaker_id = "anna") => ({
  speaker_id,
  type: "speech",
  text,
  start_ts: start,
  stop_ts: start + 1500,
});

/** A call whose agent is refused for its key, from its start to its end. */
async function unheardCall(at: MeetingSystem) {
  at.stream.failNext("agent", refused, 50);
  const id = await at.addMeeting(await at.addAgent(plan));
  const call = at.stream.call(id);
  await call.start();
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("failed");
  await call.end();
  return { id, call };
}

const offer = (id: string, call: ReturnType<MeetingSystem["stream"]["call"]>, url: string) => {
  const [session] = call.sessions;
  const facts = { meetingId: id, sessionId: session!.id, startedAt: session!.startedAt, endedAt: session!.endedAt! };
  return streamEvents.transcriptionReady({ ...facts, at: new Date(), url });
};

const outcome = async (at: MeetingSystem, id: string) => {
  const { status, errorCode, stage } = await at.run(id);
  return { status, errorCode, stage };
};

test("a call nobody heard fails as not heard, and is read when the provider's transcript comes", async () => {
  using files = await transcripts([
    says("We agreed to paint the kitchen blue.", 1200),
    says("On Monday.", 4200, "ben"),
    says("Who said that?", 6200, "nobody-knows"),
  ]);
  const options: SystemOptions = { activities: { streamBaseUrl: files.origin } };
  await using at = await startMeetings(options);
  const { id, call } = await unheardCall(at);
  await call.join({ userId: "anna", name: "Anna" });
  await call.join({ userId: "ben", name: "Ben" });
  await expect
    .poll(() => outcome(at, id), patience)
    .toEqual({ status: "failed", errorCode: "not_heard", stage: "drain" });
  expect((await at.run(id)).errorMessage).toMatch(/Nobody heard this call.*key/s);
  const [notice] = await at.db.prisma.notification.findMany({ where: { type: "run.failed" } });
  expect(notice?.title).toBe("“A talk” was not heard");
  expect(await at.db.prisma.analysis.count({ where: { conversationId: id } })).toBe(0);
  expect(await at.next(id)).toEqual([]);

  await at.hook.send(offer(id, call, `${files.origin}/transcript.jsonl`), { repeat: 2 });
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect((await at.run(id)).attempt).toBe(2);
  const spoken = (await at.transcript(id)).map(({ speaker, label }) => [speaker, label]);
  expect(spoken).toEqual([1, 2, 3].map((number) => ["user", `SPEAKER_0${number}`]));
  expect(at.plan.requests.at(-1)?.segments.map(({ name }) => name)).toEqual(["Anna", "Ben", "Speaker 3"]);
  const analysis = await at.db.prisma.analysis.findFirstOrThrow({ where: { conversationId: id } });
  expect(analysis.text).toBe("Covered Goals");
  expect(analysis.completedAt).not.toBeNull();
  await expect.poll(async () => (await at.next(id)).length, patience).toBe(1);
}, 120_000);

test("a call of which both webhooks were lost was heard by nobody", async () => {
  await using at = await startMeetings();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start({ lost: true });
  await call.end({ lost: true });
  await at.client.workflow.execute("reconcile", {
    workflowId: `reconcile-${crypto.randomUUID()}`,
    taskQueue: at.taskQueue,
  });
  await expect.poll(async () => (await at.run(id)).errorCode, patience).toBe("not_heard");
}, 120_000);

test("a transcript that comes while the call's end is being written down is read as well", async () => {
  using files = await transcripts([says("The shelf comes down tomorrow.", 1200)]);
  await using at = await startMeetings({ activities: { streamBaseUrl: files.origin } });
  const { id, call } = await unheardCall(at);
  await at.hook.send(offer(id, call, `${files.origin}/transcript.jsonl`));
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect(await at.transcript(id)).toHaveLength(1);
}, 120_000);

test("what is collected is settled when the agent sets out: a setting changed in mid-call loses nothing", async () => {
  let isLive = true;
  await using at = await startMeetings({ activities: { collectsLive: () => isLive } });
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  call.say({ speaker: "user", text: "Before the change." });
  await at.whenStored(id, 1);
  await at.stopWorker();
  isLive = false;
  await at.startWorker();
  await call.agent(2);
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");
  call.say({ speaker: "user", text: "And after it." });
  await at.whenStored(id, 2);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  expect((await at.transcript(id)).map(({ text }) => text)).toEqual(["Before the change.", "And after it."]);
}, 120_000);
