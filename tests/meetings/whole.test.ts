import { expect, test } from "vitest";
import { sharedMeetings } from "./system.ts";

const shared = sharedMeetings();

const patience = { timeout: 60_000, interval: 150 };
const plan = [
  { session_name: "Goals", goals: ["Say what you want"] },
  { session_name: "Habits", goals: ["Name a habit"] },
];

test("A-12 A-30 A-31 A-33 A-38 A-39 A-40 A-44 A-45 A-46 A-50 A-49 A-60 A-61 A-111 A-115 A-118 a call by Stream becomes a result and the plan's next session", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent(plan), { prompt: "Ask about goals." });
  const call = at.stream.call(id);
  const [started] = await call.start();
  expect(started?.status).toBe(200);
  const agent = await call.agent();
  expect(agent.session().instructions).toContain("Ask about goals.");
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("active");
  await expect.poll(async () => (await at.meeting(id)).agentState, patience).toBe("present");

  call.say({ speaker: "agent", text: "What do you want to reach?" });
  call.say({ speaker: "user", text: "I want to finish my book about lighthouses by June." });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(2);

  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  const meeting = await at.meeting(id);
  expect(meeting.transcriptCollected).toBe(true);
  expect(meeting.startedAt).toEqual(call.sessions[0]?.startedAt);
  expect(meeting.endedAt).toEqual(call.sessions[0]?.endedAt);
  expect((await at.transcript(id)).map(({ speaker }) => speaker)).toEqual(["agent", "user"]);
  expect(call.openLinks()).toEqual([]);

  await expect.poll(() => at.next(id), patience).toHaveLength(1);
  const [next] = await at.next(id);
  expect(next).toMatchObject({ sessionName: "Habits", prompt: "Go on with Habits" });
  expect(next?.conversation.title).toBe("Habits");
  expect((await at.run(next!.id)).status).toBe("pending");
}, 90_000);

test("A-11 A-63 A-64 without a plan a summary is written, progress is left alone and nothing follows", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent());
  const call = at.stream.call(id);
  await call.start();
  await call.agent();
  call.say({ speaker: "user", text: "We decided to move the office to the harbour in spring." });
  await expect.poll(() => at.transcript(id), patience).toHaveLength(1);
  await call.end();
  await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
  const analysis = await at.db.prisma.analysis.findFirstOrThrow({ where: { conversationId: id } });
  expect(analysis.text).toContain("harbour");
  const meeting = await at.meeting(id);
  expect(meeting.progress).toEqual([]);
  expect(meeting.processingStartedAt).not.toBeNull();
  await expect.poll(async () => (await at.handle(id).describe()).status.name, patience).toBe("COMPLETED");
  expect(await at.next(id)).toEqual([]);
  expect(at.plan.requests.filter(({ meetingId }) => meetingId === id)).toEqual([]);
}, 90_000);
