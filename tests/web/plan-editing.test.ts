import { expect, test } from "vitest";
import { importPlan, withSessions } from "#domain/inputs/plan.ts";
import { changePlan, editedPlan, mostSessions, planOf } from "#web/components/agents/plan-editing.ts";
import type { EditedPlan, PlanChange } from "#web/components/agents/plan-editing.ts";

const sessions = [
  { session_name: "One", goals: ["a", "b", "c"] },
  { session_name: "Two", goals: [] },
];
const change = (plan: EditedPlan, ...changes: PlanChange[]) => changes.reduce(changePlan, plan);
const goalsOf = (plan: EditedPlan, place = 0) => planOf(plan)[place]?.goals.join(" ");
const keyOf = (plan: EditedPlan, place: number) => plan.sessions[place]?.key ?? "";
const goalKey = (plan: EditedPlan, place: number) => plan.sessions[0]?.goals[place]?.key ?? "";

test("what is not changed is kept word for word, and its keys are the same on the server and in the browser", () => {
  expect(planOf(editedPlan(sessions))).toEqual(sessions);
  expect(editedPlan(sessions)).toEqual(editedPlan(sessions));
});

test("sessions are added, named, put in order and removed; the focus follows", () => {
  const plan = editedPlan(sessions);
  const [one, two] = [keyOf(plan, 0), keyOf(plan, 1)];
  const added = change(plan, { type: "sessionAdded" });
  expect([added.sessions.length, added.focus]).toEqual([3, { on: keyOf(added, 2) }]);
  const named = change(added, { type: "sessionNamed", session: keyOf(added, 2), name: " Three " });
  expect(planOf(named).map(({ session_name }) => session_name)).toEqual(["One", "Two", "Three"]);
  const moved = change(named, { type: "sessionMoved", session: one, by: 1, focus: `down-${one}` });
  expect([moved.sessions.map(({ key }) => key).slice(0, 2), moved.focus]).toEqual([[two, one], { on: `down-${one}` }]);
  expect(moved.said).toBe("Session is now number 2 of 3");
  const end = change(moved, { type: "sessionMoved", session: two, by: -1, focus: two });
  expect(end.sessions.map(({ key }) => key)).toEqual(moved.sessions.map(({ key }) => key));
  const left = change(plan, { type: "sessionRemoved", session: one });
  expect([left.sessions.length, left.focus]).toEqual([1, { on: two }]);
  expect(change(left, { type: "sessionRemoved", session: two }).focus).toEqual({ on: "add-session" });
});

test("goals are added after the one that is written, put in order and removed; empty ones are not kept", () => {
  const plan = editedPlan(sessions);
  const session = keyOf(plan, 0);
  const added = change(plan, { type: "goalAdded", session, after: goalKey(plan, 0) });
  const goal = goalKey(added, 1);
  expect([goalsOf(added), added.focus]).toEqual(["a b c", { on: goal }]);
  const written = change(added, { type: "goalWritten", session, goal, text: "new" });
  expect(goalsOf(written)).toBe("a new b c");
  expect(goalsOf(change(written, { type: "goalMoved", session, goal, by: 1, focus: goal }))).toBe("a b new c");
  const removed = change(written, { type: "goalRemoved", session, goal: goalKey(written, 3) });
  expect([goalsOf(removed), removed.focus]).toEqual(["a new b", { on: goalKey(removed, 2) }]);
  const other = keyOf(plan, 1);
  const first = change(plan, { type: "goalAdded", session: other });
  const only = first.sessions[1]?.goals[0]?.key ?? "";
  expect(change(first, { type: "goalRemoved", session: other, goal: only }).focus).toEqual({ on: `add-${other}` });
});

test("a plan grows to its limit and no further, and keys are never given twice", () => {
  let plan = editedPlan([]);
  for (let count = 0; count < mostSessions + 5; count++) plan = change(plan, { type: "sessionAdded" });
  expect(plan.sessions).toHaveLength(mostSessions);
  const imported = change(plan, { type: "imported", sessions });
  const keys = imported.sessions.flatMap(({ key, goals }) => [key, ...goals.map((goal) => goal.key)]);
  expect(new Set([...keys, ...plan.sessions.map(({ key }) => key)]).size).toBe(keys.length + mostSessions);
});

test("A-57 an imported plan is read as it comes, and its other fields stay through an edit", () => {
  const text = JSON.stringify({ version: 2, conversations: [{ title: "One", topics: ["a", { text: "b" }] }] });
  const imported = importPlan(text);
  if (!imported.ok) throw new Error(imported.problem);
  expect(imported.sessions).toEqual([{ session_name: "One", goals: ["a", "b"] }]);
  expect(withSessions(imported.blueprint, sessions)).toEqual({ version: 2, sessions });
  expect(importPlan(JSON.stringify(sessions))).toMatchObject({ ok: true, sessions });
});

test("an import that is no plan says what is wrong and where", () => {
  const problem = (text: string) => {
    const imported = importPlan(text);
    return imported.ok ? null : imported.problem;
  };
  const of = (value: unknown) => problem(JSON.stringify(value));
  expect(problem("{")).toMatch(/^It is not JSON: /);
  expect(of({})).toMatch(/holds no sessions/);
  expect(of({ sessions: "none" })).toMatch(/^sessions: /);
  expect(of({ sessions: [{ name: "One" }, { goals: ["a"] }] })).toMatch(/^sessions, item 2: A session needs a name/);
  expect(of({ sessions: [{ name: "One", goals: ["a", ""] }] })).toMatch(/^sessions, item 1, goals, item 2: /);
  expect(of({ sessions: [{ name: "One" }, { name: "One" }] })).toMatch(/Two sessions are named “One”/);
  expect(of({ sessions: [{ name: "One" }], notes: "x".repeat(200_000) })).toMatch(/at most 200000/);
  expect(problem("x".repeat(500_000))).toMatch(/larger than 200 kB/);
  expect(of("text")).toMatch(/^The plan: /);
});
