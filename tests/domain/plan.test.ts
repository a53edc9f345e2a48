import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  Blueprint,
  ProgressEntry,
  advanceProgress,
  currentProgress,
  findNextSession,
  freshProgress,
  planSessions,
} from "#domain/plan.ts";
import type { GoalClaim } from "#domain/plan.ts";

// What cleaning changes has its own tests.
const name = fc
  .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
  .filter((text) => text.trim() !== "" && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text));
const session = fc.record({ session_name: name, goals: fc.array(name, { maxLength: 4 }) });
const plan = fc.array(session, { maxLength: 5 });
const trimmed = (sessions: { session_name: string; goals: string[] }[]) =>
  sessions.map(({ session_name, goals }) => ({
    session_name: session_name.trim(),
    goals: goals.map((goal) => goal.trim()),
  }));

test("A-57 sessions come from `sessions`, else from `conversations`, else there are none", () => {
  fc.assert(
    fc.property(plan, plan, (sessions, conversations) => {
      expect(planSessions({ sessions, conversations })).toEqual(
        trimmed(sessions.length > 0 ? sessions : conversations),
      );
      expect(planSessions({ conversations })).toEqual(trimmed(conversations));
      expect(planSessions({ sessions: null, conversations })).toEqual(trimmed(conversations));
    }),
  );
  expect(planSessions({})).toEqual([]);
  expect(planSessions(null)).toEqual([]);
});

test("A-57 a plan that names its parts otherwise is read all the same, and keeps what Convene does not know", () => {
  const imported = {
    title: "Spanish",
    sessions: [
      { name: "One", objectives: [" Say hello ", { text: "", goal: "Say goodbye" }] },
      { title: "Two", topics: [{ title: "Food" }], minutes: 20 },
      { session_name: "Three" },
    ],
  };
  expect(planSessions(imported)).toEqual([
    { session_name: "One", goals: ["Say hello", "Say goodbye"] },
    { session_name: "Two", goals: ["Food"] },
    { session_name: "Three", goals: [] },
  ]);
  expect(Blueprint.parse(imported)).toMatchObject({ title: "Spanish" });
});

test.for([
  ["a session without a name", { sessions: [{ goals: ["a"] }] }],
  ["a blank name", { sessions: [{ name: "  " }] }],
  ["a goal that is a number", { sessions: [{ name: "a", goals: [7] }] }],
  ["a hundred and one sessions", { sessions: Array.from({ length: 101 }, () => ({ name: "a" })) }],
  ["fifty-one goals", { sessions: [{ name: "a", goals: Array.from({ length: 51 }, () => "b") }] }],
  ["a goal of a megabyte", { sessions: [{ name: "a", goals: ["x".repeat(1e6)] }] }],
  ["sessions that are a text", { sessions: "all of them" }],
] as const)("%s is no plan, and is refused at the door", ([, blueprint]) => {
  expect(Blueprint.safeParse(blueprint).success).toBe(false);
  expect(planSessions(blueprint)).toEqual([]);
});

test("whatever JSON is stored, reading it as a plan or as progress gives well-formed values and nobody's prototype", () => {
  const hostile = fc.oneof(
    fc.jsonValue(),
    fc.record({ sessions: fc.jsonValue(), conversations: fc.jsonValue() }),
    fc.constant(JSON.parse('{"__proto__": {"sessions": [{"name": "x"}]}, "constructor": 1}')),
    fc.constant(JSON.parse('{"sessions": [{"__proto__": {"name": "x"}, "name": "y", "goals": ["toString"]}]}')),
  );
  fc.assert(
    fc.property(hostile, (value) => {
      const sessions = planSessions(value);
      for (const each of sessions) expect(each.session_name.trim()).not.toBe("");
      const progress = currentProgress(value, sessions);
      for (const entry of progress) expect(ProgressEntry.parse(entry)).toEqual(entry);
      expect(({} as { name?: string }).name).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test("A-58 progress of sessions that a plan has gained is pending, and what was covered stays", () => {
  const [first] = freshProgress([{ session_name: "One", goals: ["a"] }]);
  const stored = [{ ...first, status: "completed" as const }];
  const now = currentProgress(stored, [
    { session_name: "One", goals: ["a"] },
    { session_name: "Two", goals: ["b"] },
  ]);
  expect(now.map(({ session_name, status }) => [session_name, status])).toEqual([
    ["One", "completed"],
    ["Two", "pending"],
  ]);
});

test("A-58 a plan that was edited is followed as it now is: removed sessions go unless done, new goals open theirs again", () => {
  const done = { session_name: "Done", status: "completed" as const, goals: [covered("a")] };
  const dropped = { session_name: "Dropped", status: "partial" as const, goals: [covered("b")] };
  const grown = { session_name: "Grown", status: "completed" as const, goals: [covered("c")] };
  const now = currentProgress(
    [dropped, done, grown],
    [
      { session_name: "New", goals: ["n"] },
      { session_name: "Grown", goals: ["c", "d"] },
    ],
  );
  expect(now.map(({ session_name, status }) => [session_name, status])).toEqual([
    ["Done", "completed"],
    ["New", "pending"],
    ["Grown", "partial"],
  ]);
  expect(now[2]?.goals.map((goal) => [goal.text, goal.covered])).toEqual([
    ["c", true],
    ["d", false],
  ]);
  expect(findNextSession(now)?.session_name).toBe("New");
});

const covered = (text: string) => ({ text, covered: true, meetingId: "m", segmentIds: ["s"] });

test("A-61 A-62 the next session is the first that is not completed, and there is none after the last", () => {
  const status = fc.constantFrom("pending" as const, "partial" as const, "completed" as const);
  fc.assert(
    fc.property(fc.array(status), (statuses) => {
      const progress = statuses.map((each, place) => ({ session_name: `S${place}`, status: each, goals: [] }));
      const open = statuses.findIndex((each) => each !== "completed");
      expect(findNextSession(progress)?.session_name ?? null).toBe(open < 0 ? null : `S${open}`);
    }),
  );
});

const meeting = (id: string) => ({
  meetingId: id,
  segments: [
    { id: "q", speaker: "agent" as const, text: "How are you?" },
    { id: "a", speaker: "user" as const, text: "Fine." },
    { id: "b", speaker: "user" as const, text: "Very fine." },
    { id: "blank", speaker: "user" as const, text: " " },
  ],
});
const two = freshProgress([
  { session_name: "One", goals: ["a", "b"] },
  { session_name: "Two", goals: [] },
]);

test("a session is partial with some of its goals, completed with all of them, each with its segments in order", () => {
  const first = advanceProgress(two, [{ session: 0, goal: 1, segmentIds: ["b", "q", "nowhere", "b"] }], meeting("m1"));
  expect(first.progress[0]).toMatchObject({ status: "partial" });
  expect(first.progress[0]?.goals[1]).toEqual({ text: "b", covered: true, meetingId: "m1", segmentIds: ["q", "b"] });
  const second = advanceProgress(first.progress, [{ session: 0, goal: 0, segmentIds: ["a"] }], meeting("m2"));
  expect(second.progress[0]).toMatchObject({ status: "completed" });
  expect(second.progress[0]?.goals[1]?.meetingId).toBe("m1");
});

test("a session without goals is completed by what was said in it, and has its goals as given", () => {
  const { progress } = advanceProgress(two, [{ session: 1, goal: null, segmentIds: ["a"] }], meeting("m1"));
  expect(progress[1]).toEqual({
    session_name: "Two",
    status: "completed",
    goals: [],
    held: { meetingId: "m1", segmentIds: ["a"] },
  });
  expect(ProgressEntry.parse(progress[1])).toEqual(progress[1]);
});

test("whatever is claimed, goals are covered only by words of the person, and none is ever uncovered", () => {
  const id = fc.constantFrom("q", "a", "b", "blank", "nowhere", "__proto__");
  const place = fc.oneof(fc.integer({ min: -2, max: 3 }), fc.constantFrom(Number.NaN, 0.5));
  const claim: fc.Arbitrary<GoalClaim> = fc.record({
    session: place,
    goal: fc.option(place),
    segmentIds: fc.array(id, { maxLength: 80 }),
  });
  fc.assert(
    fc.property(fc.array(claim, { maxLength: 6 }), fc.array(claim, { maxLength: 6 }), (early, late) => {
      const before = advanceProgress(two, early, meeting("m1")).progress;
      const after = advanceProgress(before, late, meeting("m2")).progress;
      for (const entry of after) {
        ProgressEntry.parse(entry);
        for (const goal of entry.goals)
          expect(goal.covered).toBe(goal.segmentIds.some((each) => each === "a" || each === "b"));
      }
      const kept = after.map((entry, session) => ({
        status: before[session]?.status === "completed" ? "completed" : entry.status,
        ...(before[session]?.held ? { held: before[session].held } : {}),
        goals: entry.goals.map((goal, place) => {
          const earlier = before[session]?.goals[place];
          return earlier?.covered ? earlier : goal;
        }),
      }));
      expect(after).toMatchObject(kept);
    }),
    { numRuns: 500 },
  );
});

test("claims that nothing shows are counted, those about places that do not exist are not", () => {
  const claims = [
    { session: 0, goal: 0, segmentIds: ["q"] },
    { session: 0, goal: 1, segmentIds: [] },
    { session: 7, goal: 0, segmentIds: ["a"] },
    { session: 0, goal: null, segmentIds: ["a"] },
  ];
  expect(advanceProgress(two, claims, meeting("m1"))).toEqual({ progress: two, unshown: 2 });
});
