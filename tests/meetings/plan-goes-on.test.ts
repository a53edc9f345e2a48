import { expect, test } from "vitest";
import type { ProgressEntry } from "#domain/plan.ts";
import { sharedMeetings } from "./system.ts";

const patience = { timeout: 45_000, interval: 150 };
const shared = sharedMeetings();
const plan = [
  { session_name: "Goals", goals: ["Say what you want", "Say by when"] },
  { session_name: "Habits", goals: ["Name a habit"] },
];

/** What the agent is told on the wire as a meeting's call begins. */
async function toldIn(id: string): Promise<string> {
  const call = shared().stream.call(id);
  await call.start();
  const link = await call.agent();
  await expect.poll(async () => (await shared().meeting(id)).agentState, patience).toBe("present");
  const { instructions } = link.session();
  await call.end();
  await expect.poll(async () => (await shared().run(id)).status, patience).toBe("completed");
  return String(instructions);
}

/** As a call that covered these goals would leave it. */
async function cover(id: string, goals: string[]): Promise<void> {
  const { progress } = await shared().meeting(id);
  const entries = (progress as unknown as ProgressEntry[]).map((entry) => {
    const after = entry.goals.map((goal) =>
      goals.includes(goal.text) ? { ...goal, covered: true, meetingId: id } : goal,
    );
    const status = after.every(({ covered }) => covered) ? "completed" : "partial";
    return { ...entry, goals: after, status: after.some(({ covered }) => covered) ? status : entry.status };
  });
  await shared().db.prisma.meeting.update({ where: { id }, data: { progress: entries } });
}

test("a second meeting made by hand goes on where the first stopped, and the agent is told what is open", async () => {
  const at = shared();
  const agentId = await at.addAgent(plan);
  const first = await at.addMeeting(agentId);
  const told = await toldIn(first);
  expect(told).toContain('Goals still open in it: "Say what you want", "Say by when".');

  await cover(first, ["Say what you want"]);
  const second = await at.addMeeting(agentId, { prompt: "Ask slowly." });
  const toldNext = await toldIn(second);
  expect(toldNext).toContain('This session of the plan is "Goals".');
  expect(toldNext).toContain('Goals still open in it: "Say by when".');

  await cover(second, ["Say what you want", "Say by when"]);
  const third = await at.addMeeting(agentId);
  expect((await at.meeting(third)).sessionName).toBe("Habits");
}, 120_000);

test("which session a meeting is for may be chosen, also one that is done, or none", async () => {
  const at = shared();
  const agentId = await at.addAgent(plan);
  const make = async (sessionName?: string | null) => {
    const response = await fetch(`${at.web.url}/api/meetings`, {
      method: "POST",
      headers: { ...at.owner.headers, "content-type": "application/json" },
      body: JSON.stringify({ name: "By hand", agentId, ...(sessionName === undefined ? {} : { sessionName }) }),
    });
    const body = (await response.json()) as { id?: string };
    if (body.id === undefined) return response.status;
    return (await at.meeting(body.id)).sessionName;
  };
  expect(await make()).toBe("Goals");
  expect(await make("Habits")).toBe("Habits");
  expect(await make(null)).toBeNull();
  expect(await make("Not in the plan")).toBe(409);
});

test("what one person reached is not what another has", async () => {
  const at = shared();
  const agentId = await at.addAgent(plan);
  const mine = await at.addMeeting(agentId);
  await toldIn(mine);
  await cover(mine, ["Say what you want", "Say by when"]);
  const other = await at.web.signUp();
  await at.db.prisma.conversation.update({ where: { id: mine }, data: { ownerId: other.userId } });
  const anew = await at.addMeeting(agentId);
  expect((await at.meeting(anew)).sessionName).toBe("Goals");
}, 120_000);

test("a meeting made before another went on with the plan knows what that one covered, and repeats no session", async () => {
  const at = shared();
  const agentId = await at.addAgent(plan);
  const early = await at.addMeeting(agentId);
  const hold = async (id: string) => {
    const call = at.stream.call(id);
    await call.start();
    const link = await call.agent();
    const { instructions } = link.session();
    call.say({ speaker: "user", text: "I want to finish my book about lighthouses by June." });
    await at.whenStored(id, 1);
    await call.end();
    await expect.poll(async () => (await at.run(id)).status, patience).toBe("completed");
    return String(instructions);
  };
  await hold(await at.addMeeting(agentId));
  expect(await hold(early)).toContain('Covered in it before: "Say what you want", "Say by when".');
  expect((await at.meeting(early)).progress).toMatchObject([{ status: "completed" }, { status: "completed" }]);
  expect(await at.next(early)).toEqual([]);

  const grown = [{ session_name: "Goals", goals: ["Say what you want", "Say why"] }];
  const blueprintSnapshot = { sessions: grown };
  await at.db.prisma.agent.update({ where: { id: agentId }, data: { blueprintSnapshot } });
  const later = await at.meeting(await at.addMeeting(agentId));
  expect(later.sessionName).toBe("Goals");
}, 120_000);
