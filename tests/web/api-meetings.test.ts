import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { post } from "./requests.ts";
import { joinWorkspace } from "./join-workspace.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";

interface Meeting {
  id: string;
}
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const plan = [
  { session_name: "Beginnings", goals: ["Where from?"] },
  { session_name: "Plans", goals: [] },
];

const makeAgent = async (person: TestPerson, body: object = {}) =>
  (await person.json<{ id: string }>("/api/agents", { method: "POST", body: { name: "Iris", ...body } })).id;
const make = async (person: TestPerson, body: object) =>
  (await person.json<{ id: string }>("/api/meetings", { method: "POST", body: { name: "Talk", ...body } })).id;
const edit = async (web: TestWeb, person: TestPerson, id: string, body: object) => {
  const answer = await fetch(`${web.url}/api/meetings/${id}`, {
    method: "PATCH",
    headers: { ...person.headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const outbox = (db: TestDatabase, kind: string) =>
  db.prisma.outbox.findMany({ where: { kind }, orderBy: { id: "asc" } });

test("A-15 a meeting is made with its run and the order to start it, though Temporal is down", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const agentId = await makeAgent(ada, { sessions: plan });
  const scheduledAt = inMinutes(90);
  const answer = await post(web, ada, "/api/meetings", {
    json: { name: "First talk", agentId, prompt: "Be brief.\u0000", scheduledAt, durationMinutes: 45 },
  });
  expect([answer.status, answer.body]).toEqual([
    202,
    expect.objectContaining({
      status: "upcoming",
      links: expect.objectContaining({ page: `/meetings/${answer.body.id}` }),
    }),
  ]);
  const shown = await ada.json<Meeting>(`/api/meetings/${answer.body.id}`);
  expect(shown).toMatchObject({
    name: "First talk",
    userId: ada.userId,
    agentId,
    agent: { id: agentId, name: "Iris" },
    prompt: "Be brief.",
    status: "upcoming",
    sessionName: "Beginnings",
    scheduledAt,
    durationMinutes: 45,
    provider: "practice",
    startedAt: null,
    endedAt: null,
    summary: null,
    progress: [
      { session_name: "Beginnings", status: "pending" },
      { session_name: "Plans", status: "pending" },
    ],
  });
  expect(await outbox(db, "run.start")).toHaveLength(1);
  expect(await ada.json(`/api/meetings/${shown.id}/transcript`)).toEqual({ segments: [] });
});

test("calls are Stream's where its key and secret are set", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { STREAM_API_KEY: "key", STREAM_API_SECRET: "secret" } });
  const ada = await web.signUp();
  const id = await make(ada, { agentId: await makeAgent(ada) });
  expect(await ada.json(`/api/meetings/${id}`)).toMatchObject({ provider: "stream" });
});

test("what is no meeting is refused in words, and nothing is kept of it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, bob] = [await web.signUp(), await web.signUp()];
  const agentId = await makeAgent(ada);
  const refusal = async (body: object, person = ada) => {
    const answer = await post(web, person, "/api/meetings", { json: { name: "Talk", agentId, ...body } });
    return [answer.status, answer.body.code];
  };
  expect(await refusal({ name: "" })).toEqual([400, "invalid_request"]);
  expect(await refusal({ agentId: "no-id" })).toEqual([400, "invalid_request"]);
  expect(await refusal({ scheduledAt: inMinutes(-10) })).toEqual([400, "invalid_request"]);
  expect(await refusal({ scheduledAt: "9999-01-01T00:00:00Z" })).toEqual([400, "invalid_request"]);
  expect(await refusal({ scheduledAt: "tomorrow" })).toEqual([400, "invalid_request"]);
  expect(await refusal({ durationMinutes: 0 })).toEqual([400, "invalid_request"]);
  expect(await refusal({ workspaceId: bob.workspaceId })).toEqual([404, "agent_not_found"]);
  expect(await refusal({ workspaceId: bob.workspaceId }, bob)).toEqual([404, "agent_not_found"]);
  expect(await db.prisma.meeting.count()).toBe(0);
});

test("an upcoming meeting is changed with its news and one word to its workflow; a new time is reminded of anew", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const [first, second] = [await makeAgent(ada), await makeAgent(ada, { name: "Otto", sessions: plan.slice(1) })];
  const id = await make(ada, { agentId: first, scheduledAt: inMinutes(60) });
  await db.prisma.meeting.update({ where: { id }, data: { remindedAt: new Date() } });
  const scheduledAt = inMinutes(120);
  const changed = await edit(web, ada, id, {
    name: "Later",
    scheduledAt,
    agentId: second,
    durationMinutes: 20,
    prompt: "!",
  });
  expect(changed).toMatchObject({
    status: 200,
    body: { name: "Later", scheduledAt, agentId: second, durationMinutes: 20, prompt: "!", sessionName: "Plans" },
  });
  const run = await db.prisma.run.findFirstOrThrow({ where: { conversationId: id } });
  const [row, ...others] = await outbox(db, "meeting.edited");
  expect(others).toEqual([]);
  expect(row).toMatchObject({ partitionKey: run.id, payload: { meetingId: id, edit: expect.any(String) } });
  expect(await db.prisma.meeting.findUniqueOrThrow({ where: { id } })).toMatchObject({ remindedAt: null });
  expect(await db.prisma.speaker.findFirstOrThrow({ where: { conversationId: id, label: "agent" } })).toMatchObject({
    displayName: "Otto",
  });
  const told = await db.prisma.liveEvent.findMany({ where: { topic: `workspace:${ada.workspaceId}` } });
  expect(told.filter(({ type }) => type === "meeting.changed").at(-1)?.data).toMatchObject({
    conversationId: id,
    scheduledAt,
  });
  expect(told.filter(({ type }) => type === "conversation.changed").at(-1)?.data).toEqual({
    conversationId: id,
    title: "Later",
  });
  // A passed time may stay where only the name is changed; it may not be set.
  expect((await edit(web, ada, id, { scheduledAt: inMinutes(-5) })).status).toBe(400);
  expect((await edit(web, ada, id, { scheduledAt: null })).body).toMatchObject({ scheduledAt: null });
});

test("once its call has begun a meeting keeps all but its name", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  const refused = await edit(web, ada, meeting.id, { name: "New", prompt: "Now this" });
  expect(refused).toMatchObject({ status: 409, body: { detail: "A meeting that is active keeps all but its name." } });
  expect(await edit(web, ada, meeting.id, { name: "New" })).toMatchObject({
    status: 200,
    body: { name: "New", prompt: "" },
  });
});

test("leaving as the last one, or ending it for all, starts the work; only the host ends it for all", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, admin, member] = [await web.signUp(), await web.signUp(), await web.signUp()];
  const { id: workspaceId } = await ada.json<{ id: string }>("/api/workspaces", {
    method: "POST",
    body: { name: "W" },
  });
  for (const [person, role] of [
    [admin, "admin"],
    [member, "member"],
  ] as const) {
    await joinWorkspace({ inviter: ada, workspaceId }, person, role);
  }
  const { id, runId } = await addMeeting(db.prisma, { userId: ada.userId, workspaceId });
  const leave = async (person: TestPerson, json?: object) =>
    (await post(web, person, `/api/meetings/${id}/leave`, json === undefined ? {} : { json })).status;
  expect(await leave(member)).toBe(202);
  expect(await leave(member, { endForAll: true })).toBe(403);
  expect(await outbox(db, "meeting.leave")).toEqual([]);
  expect(await leave(member, { last: true })).toBe(202);
  expect(await leave(admin, { endForAll: true })).toBe(202);
  expect(await leave(ada, { endForAll: true })).toBe(202);
  const told = await outbox(db, "meeting.leave");
  expect(told.map(({ partitionKey, payload }) => [partitionKey, payload])).toEqual(
    // Whose word it is that they were the last; ending it for all is nobody's word but an order.
    [{ by: member.userId }, {}, {}].map((by) => [runId, { meetingId: id, at: expect.any(Number), ...by }]),
  );
});

test("the next session is created again on request, once, and not before the meeting is done", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const meeting = await addMeeting(db.prisma, ada);
  const path = `/api/meetings/${meeting.id}/next-session`;
  expect(await post(web, ada, path, {})).toMatchObject({ status: 409, body: { code: "conflict" } });
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.complete();
  await db.prisma.meeting.update({ where: { id: meeting.id }, data: { nextProblem: "The database was away." } });
  const [one, two] = await Promise.all([post(web, ada, path, {}), post(web, ada, path, {})]);
  expect([one.status, two.status, one.body.id]).toEqual([200, 200, two.body.id]);
  expect(await ada.json(`/api/meetings/${meeting.id}`)).toMatchObject({ nextId: one.body.id, nextProblem: null });
  expect(await ada.json(`/api/meetings/${one.body.id}`)).toMatchObject({
    name: "Making a plan",
    sessionName: "Making a plan",
    status: "upcoming",
    previousId: meeting.id,
  });
  expect(await db.prisma.meeting.count()).toBe(2);
});

test("an agent that gave up is called again by a key, and one that has not is not", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const meeting = await addMeeting(db.prisma, ada);
  const path = `/api/meetings/${meeting.id}/call-agent`;
  await meeting.begin();
  expect(await post(web, ada, path, {})).toMatchObject({ status: 409, body: { code: "conflict" } });
  await db.prisma.meeting.update({ where: { id: meeting.id }, data: { agentState: "failed" } });
  const key = await ada.apiKey();
  const byKey = { method: "POST", headers: { authorization: `Bearer ${key}` } };
  expect((await fetch(`${web.url}${path}`, byKey)).status).toBe(202);
  const ordered = { kind: "agent.again", payload: { equals: { meetingId: meeting.id } } };
  expect(await db.prisma.outbox.count({ where: ordered })).toBe(1);
});

test("the link to a meeting's calendar file is one that a key may read", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const { id } = await addMeeting(db.prisma, ada);
  const { links } = await ada.json<{ links: { calendar: string } }>(`/api/meetings/${id}`);
  const key = await ada.apiKey();
  const read = () => fetch(`${web.url}${links.calendar}`, { headers: { authorization: `Bearer ${key}` } });
  expect((await read()).status).toBe(409);
  await db.prisma.meeting.update({ where: { id }, data: { scheduledAt: new Date() } });
  const answer = await read();
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
  expect(await answer.text()).toMatch(/^BEGIN:VCALENDAR[^]*UID:[^]*SEQUENCE:0/);
});

test("a finished meeting is told whole, and deleted whole", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.complete();
  const shown = await ada.json<{ startedAt: string; endedAt: string }>(`/api/meetings/${meeting.id}`);
  expect(shown).toMatchObject({
    status: "completed",
    percent: 100,
    summary: { text: "A first talk about Portuguese." },
    progress: [{ status: "completed" }, { status: "pending" }],
    speakers: [{ label: "agent", displayName: "Iris" }, { label: "user" }],
  });
  expect(Date.parse(shown.endedAt) - Date.parse(shown.startedAt)).toBe(40_000);
  const { segments } = await ada.json<{ segments: object[] }>(`/api/meetings/${meeting.id}/transcript`);
  expect(segments).toHaveLength(4);
  await ada.json(`/api/meetings/${meeting.id}`, { method: "DELETE" });
  expect((await fetch(`${web.url}/api/meetings/${meeting.id}`, { headers: ada.headers })).status).toBe(404);
  expect(await db.prisma.transcriptSegment.count()).toBe(0);
});

test("the call's sound is given where it was kept, by parts too, and never as a page", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, bob] = [await web.signUp(), await web.signUp()];
  const { id } = await addMeeting(db.prisma, ada);
  const ask = (person: TestPerson, range?: string) =>
    fetch(`${web.url}/api/meetings/${id}/audio`, {
      headers: { ...person.headers, ...(range === undefined ? {} : { range }) },
    });
  expect((await ask(ada)).status).toBe(404);
  const audioKey = `conversations/${id}/call.mp4`;
  await web.deps.media.putText(audioKey, "0123456789");
  await db.prisma.meeting.update({ where: { id }, data: { audioKey, audioType: "text/html" } });
  const part = await ask(ada, "bytes=2-4");
  expect([part.status, part.headers.get("content-type"), await part.text()]).toEqual([
    206,
    "application/octet-stream",
    "234",
  ]);
  await db.prisma.meeting.update({ where: { id }, data: { audioType: "audio/mp4" } });
  expect((await ask(ada)).headers.get("content-type")).toBe("audio/mp4");
  expect((await ask(bob)).status).toBe(404);
});
