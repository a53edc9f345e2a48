import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";

let db: TestDatabase;
let web: TestWeb;
let ada: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  db = await testDatabase();
  web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  ada = await web.signUp();
  bob = await web.signUp();
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

const get = async (path: string, person = ada) => {
  const answer = await fetch(`${web.url}${path}`, { redirect: "manual", headers: { cookie: person.cookie } });
  const text = (await answer.text()).replaceAll(/<script.*?<\/script>|<!-- -->/gs, "");
  return { status: answer.status, text, type: answer.headers.get("content-type") };
};
const send = async (path: string, fields: Record<string, string>, person = ada) => {
  const answer = await fetch(`${web.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: person.cookie, origin: web.url },
    body: new URLSearchParams(fields),
  });
  return { status: answer.status, location: answer.headers.get("location") ?? "", text: await answer.text() };
};
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const sessions = [
  { session_name: "Beginnings", goals: ["Where <b>from</b>?"] },
  { session_name: "Plans", goals: [] },
];
const agentFields = { name: "Iris", instructions: "Be kind.", voice: "coral", sessions: JSON.stringify(sessions) };
const meetingFields = { name: "", prompt: "", when: "now", scheduledAt: "", durationMinutes: "30" };
const makeAgent = async (fields: Record<string, string> = {}) => {
  const { location } = await send("/agents/new", { ...agentFields, ...fields });
  return location.split("/").at(-1) ?? "";
};

test("A-16 an agent is made, shown and changed by its form; what is wrong is said beside it", async () => {
  expect((await get("/agents", bob)).text).toContain("Nobody to talk with yet");
  expect((await get("/meetings", bob)).text).toContain("Make an agent first");
  const wrong = await send("/agents/new", { ...agentFields, name: " " });
  expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("Give the agent a name.")]);
  const made = await send("/agents/new", agentFields);
  expect([made.status, made.location]).toEqual([302, expect.stringMatching(/^\/agents\/[0-9a-f-]{36}$/)]);
  const page = await get(made.location);
  expect(page.text).toContain("2 sessions, 1 goal");
  expect(page.text).toContain("Where &lt;b&gt;from&lt;/b&gt;?");
  const blueprint = JSON.stringify({ version: 2, sessions });
  const changed = await send(made.location, {
    ...agentFields,
    intent: "save",
    name: "Otto",
    sessions: "[]",
    blueprint,
  });
  expect([changed.status, changed.text]).toEqual([200, expect.stringContaining("Saved.")]);
  expect(
    await db.prisma.agent.findUniqueOrThrow({ where: { id: made.location.split("/").at(-1) ?? "" } }),
  ).toMatchObject({ name: "Otto", voice: "coral", blueprintSnapshot: { version: 2, sessions: [] } });
  const twins = JSON.stringify([sessions[0], sessions[0]]);
  expect((await send(made.location, { ...agentFields, sessions: twins })).text).toContain("Two sessions are named");
  expect((await send(made.location, { intent: "delete" })).location).toBe("/agents");
  expect((await get(made.location)).status).toBe(404);
});

test("another person's agent cannot be told from none; a viewer reads it and changes nothing", async () => {
  const id = await makeAgent();
  const viewer = await web.signUp();
  const { workspaceId } = ada;
  await db.prisma.membership.create({ data: { workspaceId, userId: viewer.userId, role: "viewer" } });
  for (const path of [`/agents/${id}`, "/agents/01a1fe0c-2539-7367-a031-c0502730b6e5", "/agents/not-an-id"]) {
    expect((await get(path, bob)).status).toBe(404);
    expect((await send(path, { ...agentFields, intent: "save" }, bob)).status).toBe(404);
  }
  const page = await get(`/agents/${id}`, viewer);
  expect([page.status, page.text.includes("Be kind."), page.text.includes("<form")]).toEqual([200, true, false]);
  expect((await send(`/agents/${id}`, { intent: "delete" }, viewer)).status).toBe(403);
  expect((await send("/agents/new", { ...agentFields, workspaceId }, viewer)).status).toBe(403);
  expect((await get("/meetings/new", viewer)).text).toContain("Make an agent first");
  expect((await send("/meetings/new", { ...meetingFields, agentId: id }, viewer)).status).toBe(400);
});

test("a new meeting is for the person's next session, another one, or none; one not in the plan is refused", async () => {
  const agentId = await makeAgent();
  expect((await get(`/meetings/new?agent=${agentId}`)).text).toMatch(/Session of the plan.*None: talk freely/s);
  const made = async (sessionName: string) => {
    const fields = { ...meetingFields, agentId, sessionName, when: "later", scheduledAt: inHours(3) };
    const { location } = await send("/meetings/new", fields);
    const id = location.split("/").at(-1)!;
    return (await db.prisma.meeting.findUniqueOrThrow({ where: { id } })).sessionName;
  };
  expect(await made("Beginnings")).toBe("Beginnings");
  expect(await made("")).toBeNull();
  const refused = await send("/meetings/new", { ...meetingFields, agentId, sessionName: "Not in the plan" });
  expect([refused.status, refused.text.includes("not in the agent")]).toEqual([400, true]);
});

test("a meeting for now leads into its call, one for later to its page; unnamed, it is called after its session", async () => {
  const agentId = await makeAgent();
  const now = await send("/meetings/new", { ...meetingFields, agentId });
  expect([now.status, now.location]).toEqual([302, expect.stringMatching(/^\/meetings\/[0-9a-f-]{36}\/call$/)]);
  const scheduledAt = inHours(3);
  const later = await send("/meetings/new", { ...meetingFields, agentId, when: "later", scheduledAt, name: "Tea" });
  expect(later.location).toMatch(/^\/meetings\/[0-9a-f-]{36}$/);
  const page = await get(later.location);
  for (const words of [
    "Tea",
    "Session 1 of 2",
    "Beginnings",
    "Join the call",
    "Add to calendar",
    "Cancel the meeting",
  ]) {
    expect(page.text).toContain(words);
  }
  const list = await get("/meetings?status=upcoming");
  expect(list.text.indexOf(">Beginnings<")).toBeGreaterThan(0);
  expect(list.text.indexOf(">Tea<")).toBeGreaterThan(list.text.indexOf(">Beginnings<"));
  expect((await get("/meetings?status=failed")).text).toContain("No meeting fits this search.");
  const home = await get("/");
  expect(home.text).toContain("Meetings of the next 24 hours");
  const refusals: [Record<string, string>, string][] = [
    [{ when: "later" }, "Choose a day and a time."],
    [{ when: "later", scheduledAt: inHours(-1) }, "Choose a time that lies ahead."],
    [{ durationMinutes: "0" }, "Choose between 1 and 1440 minutes."],
  ];
  for (const [fields, words] of refusals) {
    const refused = await send("/meetings/new", { ...meetingFields, agentId, ...fields });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
  }
});

test("home shows a meeting in its call, with the way back into it", async () => {
  const meeting = await addMeeting(db.prisma, ada, { name: "Going on" });
  await meeting.begin();
  const { text } = await get("/");
  expect(text).toContain("Meetings now");
  expect(text).toContain(`href="/meetings/${meeting.id}/call"`);
  expect(text).toContain('aria-label="Return to Going on"');
});

test("a coming meeting is changed on its page, and one that was called off is set up again", async () => {
  const { id, runId, agentId } = await addMeeting(db.prisma, ada);
  const path = `/meetings/${id}`;
  const scheduledAt = inHours(5);
  const fields = { intent: "edit", ...meetingFields, agentId, prompt: "Speak slowly.", when: "later", scheduledAt };
  expect((await send(path, fields)).status).toBe(200);
  expect((await get(path)).text).toContain("Speak slowly.");
  const late = await send(path, { ...fields, scheduledAt: inHours(-5) });
  expect([late.status, late.text]).toEqual([409, expect.stringContaining("Choose a time that lies ahead.")]);
  expect((await send(path, fields, bob)).status).toBe(404);
  await send(path, { intent: "cancel", runId });
  const cancelled = await get(path);
  expect(cancelled.text).toContain("This meeting was cancelled before its call.");
  expect(cancelled.text).not.toContain("Join the call");
  await send(path, { intent: "retry", runId });
  expect((await get(path)).text).toContain("Join the call");
});

/** An iCalendar file's properties: lines unfolded, names without their parameters, text unescaped (RFC 5545). */
function readCalendar(text: string) {
  expect(text.endsWith("\r\nEND:VCALENDAR")).toBe(true);
  const lines = text.replaceAll(/\r\n[ \t]/g, "").split("\r\n");
  for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const from = lines.indexOf("BEGIN:VEVENT");
  const event = lines.slice(from + 1, lines.indexOf("END:VEVENT"));
  const pairs = event.map((line) => {
    const [, name = "", value = ""] = /^([A-Z-]+)[^:]*:(.*)$/.exec(line) ?? [];
    return [name, value.replaceAll("\\n", "\n").replaceAll(/\\([\\;,])/g, "$1")] as const;
  });
  return { method: lines.find((line) => line.startsWith("METHOD:")), event: Object.fromEntries(pairs) };
}

test("the calendar file has the meeting's time and call, a lasting UID, and a SEQUENCE that grows with each change", async () => {
  const { id, runId, agentId } = await addMeeting(db.prisma, ada, { name: "Tea, biscuits; and “more”" });
  const path = `/meetings/${id}/calendar.ics`;
  expect((await get(path)).status).toBe(404);
  const start = Math.ceil(Date.now() / 60_000) * 60_000 + 86_400_000;
  const scheduledAt = new Date(start).toISOString();
  const compact = (minutes: number) => new Date(start + minutes * 60_000).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const fields = { intent: "edit", ...meetingFields, agentId, when: "later", scheduledAt, durationMinutes: "45" };
  await send(`/meetings/${id}`, fields);
  const file = await get(path);
  expect([file.status, file.type]).toEqual([200, "text/calendar; charset=utf-8"]);
  const { method, event } = readCalendar(file.text);
  expect(method).toBe("METHOD:PUBLISH");
  expect(event).toMatchObject({
    UID: `${id}@convene`,
    SUMMARY: "Tea, biscuits; and “more”",
    DTSTART: compact(0),
    DTEND: compact(45),
    URL: `${web.url}/meetings/${id}/call`,
    STATUS: "CONFIRMED",
    DESCRIPTION: expect.stringContaining("With Iris.\nSession of the plan: Getting to know you."),
  });
  const sequence = Number(event["SEQUENCE"]);
  await send(`/meetings/${id}`, { ...fields, durationMinutes: "60" });
  const later = readCalendar((await get(path)).text).event;
  expect([later["UID"], later["DTEND"]]).toEqual([event["UID"], compact(60)]);
  expect(Number(later["SEQUENCE"])).toBeGreaterThan(sequence);
  await send(`/meetings/${id}`, { intent: "rename", title: "Coffee" });
  const renamed = readCalendar((await get(path)).text).event;
  expect(Number(renamed["SEQUENCE"])).toBeGreaterThan(Number(later["SEQUENCE"]));
  await send(`/meetings/${id}`, { intent: "cancel", runId });
  const cancelled = readCalendar((await get(path)).text);
  expect(cancelled).toMatchObject({ method: "METHOD:CANCEL", event: { STATUS: "CANCELLED", SUMMARY: "Coffee" } });
  expect(Number(cancelled.event["SEQUENCE"])).toBeGreaterThan(Number(renamed["SEQUENCE"]));
  await send(`/meetings/${id}`, { intent: "retry", runId });
  const again = readCalendar((await get(path)).text);
  expect(again).toMatchObject({ method: "METHOD:PUBLISH", event: { STATUS: "CONFIRMED" } });
  expect(Number(again.event["SEQUENCE"])).toBeGreaterThan(Number(cancelled.event["SEQUENCE"]));
  expect((await get(path, bob)).status).toBe(404);
});
