import { expect, test } from "vitest";
import { sharedMeetings } from "./system.ts";

const shared = sharedMeetings();
const plan = [
  { session_name: "Goals", goals: ["Say what you want", "Say by when"] },
  { session_name: "Habits", goals: ["Name a habit"] },
];

test("A-41 the agent of a meeting made by hand is told its session and the open goals on the wire", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent(plan));
  const call = at.stream.call(id);
  await call.start();
  const told = (await call.agent()).session().instructions;
  expect(told).toContain("Be kind.");
  expect(told).toContain('This session of the plan is "Goals".');
  expect(told).toContain('Goals still open in it: "Say what you want", "Say by when".');
  expect(told).not.toContain("Name a habit");
}, 90_000);

test("an agent without a plan is told its own words alone", async () => {
  const at = shared();
  const id = await at.addMeeting(await at.addAgent(), { prompt: "Talk about the weather." });
  const call = at.stream.call(id);
  await call.start();
  expect((await call.agent()).session().instructions).toBe("Talk about the weather.\n\nBe kind.");
}, 90_000);
