import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "./server.ts";
import type { TestPerson } from "./server.ts";

interface Agent {
  id: string;
  name: string;
  instructions: string;
  voice: string;
  sessions: { session_name: string; goals: string[] }[];
  blueprintSnapshot: Record<string, unknown>;
  meetings: number;
}
const plan = [
  { session_name: "Beginnings", goals: ["Where do you come from?", "What do you do?"] },
  { session_name: "Plans", goals: ["What comes next?"] },
];

const make = (person: TestPerson, body: unknown) => person.json<Agent>("/api/agents", { method: "POST", body });
const change = (person: TestPerson, id: string, body: unknown) =>
  person.json<Agent>(`/api/agents/${id}`, { method: "PATCH", body });
const send = async (person: TestPerson, url: string, method: string, body: unknown) => {
  const answer = await fetch(url, {
    method,
    headers: { ...person.headers, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, problem: (await answer.json()) as { code: string; detail: string } };
};

test("A-16 an agent has a name and a plan, and can be changed part by part", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const made = await make(ada, { name: " Coach\u0007 ", sessions: plan });
  expect(made).toMatchObject({ name: "Coach", instructions: "", voice: "alloy", sessions: plan, meetings: 0 });
  const renamed = await change(ada, made.id, { name: "Trainer", voice: "marin" });
  expect(renamed).toMatchObject({ name: "Trainer", voice: "marin", sessions: plan });
  const replanned = await change(ada, made.id, { sessions: plan.slice(1) });
  expect(replanned).toMatchObject({ name: "Trainer", sessions: plan.slice(1) });
  expect(await ada.json(`/api/agents/${made.id}`)).toEqual(replanned);
  expect((await ada.json<{ items: Agent[] }>("/api/agents")).items).toMatchObject([{ id: made.id, name: "Trainer" }]);
  await ada.json(`/api/agents/${made.id}`, { method: "DELETE" });
  expect(await ada.json("/api/agents")).toEqual({ items: [], nextCursor: null });
});

test("A-57 a plan is imported as it comes: other names for things, other fields, and sessions edited over it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const blueprintSnapshot = {
    version: 3,
    persona: { tone: "kind\u0000 \ud800" },
    conversations: [{ title: "Beginnings", objectives: [{ goal: "Where from?" }, "What do you do?"] }],
  };
  const made = await make(ada, { name: "Coach", blueprintSnapshot });
  expect(made.sessions).toEqual([{ session_name: "Beginnings", goals: ["Where from?", "What do you do?"] }]);
  // What Postgres cannot keep of a text is left out; the rest stays.
  expect(made.blueprintSnapshot).toMatchObject({ version: 3, persona: { tone: "kind \ufffd" } });
  const emptied = await change(ada, made.id, { sessions: [] });
  expect(emptied).toMatchObject({ sessions: [], blueprintSnapshot: { version: 3 } });
});

test("what is no agent is refused in words, and nothing is kept of it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const url = `${web.url}/api/agents`;
  const nested = `{"name":"x","blueprintSnapshot":{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}}`;
  const large = { name: "x", blueprintSnapshot: { notes: "é".repeat(110_000) } };
  const twins = [{ name: "One" }, { title: "One" }];
  const cases: [unknown, RegExp][] = [
    [{}, /name/],
    [{ name: "  " }, /name/],
    [{ name: "x".repeat(201) }, /name/],
    [{ name: "x", voice: "robot" }, /voice/],
    [{ name: "x", instructions: "y".repeat(20_001) }, /instructions/],
    [{ name: "x", sessions: [{ goals: ["no name"] }] }, /needs a name/],
    [{ name: "x", sessions: twins }, /Two sessions are named “One”/],
    [{ name: "x", blueprintSnapshot: { conversations: twins } }, /Two sessions are named “One”/],
    [{ name: "x", blueprintSnapshot: "text" }, /blueprintSnapshot/],
    [large, /220\d{3} bytes; at most 200000/],
    [nested, /nested more than/],
    ["{", /could not be read/],
  ];
  for (const [body, words] of cases) {
    const { status, problem } = await send(ada, url, "POST", body);
    expect([status, problem.detail]).toEqual([400, expect.stringMatching(words)]);
  }
  const huge = await send(ada, url, "POST", { name: "x", blueprintSnapshot: { notes: "x".repeat(600_000) } });
  expect([huge.status, huge.problem.code]).toEqual([413, "too_large"]);
  expect((await send(ada, url, "POST", { name: "x", workspaceId: "no-id" })).status).toBe(404);
  expect(await db.prisma.agent.count()).toBe(0);
});

test("a deleted agent leaves its meetings; an upcoming one can be given another", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const [first, second] = [await make(ada, { name: "First" }), await make(ada, { name: "Second", sessions: plan })];
  const { id } = await ada.json<{ id: string }>("/api/meetings", {
    method: "POST",
    body: { name: "Talk", agentId: first.id },
  });
  expect(await ada.json(`/api/agents/${first.id}`)).toMatchObject({ meetings: 1 });
  await ada.json(`/api/agents/${first.id}`, { method: "DELETE" });
  expect(await ada.json(`/api/meetings/${id}`)).toMatchObject({ agentId: null, agent: null, status: "upcoming" });
  const given = await ada.json(`/api/meetings/${id}`, { method: "PATCH", body: { agentId: second.id } });
  expect(given).toMatchObject({ agent: { name: "Second" }, sessionName: "Beginnings" });
});

test("agents are paged without loss or repeat, and a stranger sees none of them", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, bob] = [await web.signUp(), await web.signUp()];
  const ids: string[] = [];
  for (let number = 0; number < 5; number++) ids.push((await make(ada, { name: `Agent ${number}` })).id);
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = await ada.json<{ items: Agent[]; nextCursor: string | null }>(`/api/agents?limit=2${query}`);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(ids.toReversed());
  expect(await bob.json("/api/agents")).toEqual({ items: [], nextCursor: null });
  const path = `${web.url}/api/agents/${ids[0]}`;
  expect((await send(bob, path, "PATCH", { name: "Mine" })).status).toBe(404);
  expect((await fetch(path, { method: "DELETE", headers: bob.headers })).status).toBe(404);
  expect(await ada.json(`/api/agents/${ids[0]}`)).toMatchObject({ name: "Agent 0" });
});
