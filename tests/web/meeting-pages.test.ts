import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { joinWorkspace } from "./join-workspace.ts";
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

const get = (path: string, person: TestPerson) =>
  fetch(`${web.url}${path}`, { redirect: "manual", headers: { cookie: person.cookie } });
// What a reader sees: without scripts, and without the comments that keep neighbouring texts apart.
const html = async (path: string, person = ada) => {
  const answer = await get(path, person);
  const text = (await answer.text()).replaceAll(/<script.*?<\/script>|<!-- -->/gs, "");
  return { status: answer.status, text };
};
const act = (path: string, fields: Record<string, string>, person = ada) =>
  fetch(`${web.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { cookie: person.cookie, origin: web.url },
    body: new URLSearchParams(fields),
  });

test("a meeting of another workspace cannot be told from one that does not exist", async () => {
  const { id } = await addMeeting(db.prisma, ada);
  const unknown = "01a1fe0c-2539-7367-a031-c0502730b6e5";
  for (const of of [id, unknown, "not-an-id"]) {
    for (const path of [`/meetings/${of}`, `/meetings/${of}/call`]) {
      expect([path, (await get(path, bob)).status]).toEqual([path, 404]);
    }
  }
  const changes = ["revokeGuests", "nextSession", "callAgent", "endCall", "delete"];
  const answers = await Promise.all(changes.map((intent) => act(`/meetings/${id}`, { intent }, bob)));
  expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 404));
});

test("only the host ends the call for everybody (A-75)", async () => {
  const { id: workspaceId } = await ada.json<{ id: string }>("/api/workspaces", {
    method: "POST",
    body: { name: "W" },
  });
  await joinWorkspace({ inviter: ada, workspaceId }, bob);
  const meeting = await addMeeting(db.prisma, { userId: ada.userId, workspaceId });
  await meeting.begin();
  const end = async (person: TestPerson) =>
    (await act(`/meetings/${meeting.id}`, { intent: "endCall" }, person)).status;
  const orders = () => db.prisma.outbox.count({ where: { kind: "meeting.leave", partitionKey: meeting.runId } });
  expect([await end(bob), await orders()]).toEqual([404, 0]);
  expect([await end(ada), await orders()]).toEqual([200, 1]);
});

test("before its call a meeting leads to a lobby that says who listens (A-72, A-73, A-74)", async () => {
  const { id } = await addMeeting(db.prisma, ada);
  const lobby = await html(`/meetings/${id}/call`);
  expect(lobby.status).toBe(200);
  expect(lobby.text).toContain("You are about to talk with Iris.");
  expect(lobby.text).toContain("is an AI agent.");
  expect(lobby.text).toMatch(/<input(?=[^>]*name="consent")[^>]*required/);
  expect(lobby.text).not.toContain("Working on your meeting");
});

test("a meeting in its call shows the words that were said, how its agent is, and the way in", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  await db.prisma.meeting.update({
    where: { id: meeting.id },
    data: { agentState: "reconnecting", agentMessage: "The connection to the model was lost." },
  });
  const page = await html(`/meetings/${meeting.id}`);
  expect(page.text).toContain("In the call");
  expect(page.text).toContain("Half an hour every morning.");
  expect(page.text).toContain("Iris lost the connection and is coming back…");
  expect(page.text).toContain("The connection to the model was lost.");
  expect(page.text).toContain(`href="/meetings/${meeting.id}/call"`);
  expect(page.text).toContain("&lt;b&gt;Portuguese&lt;/b&gt;");
  expect((await html(`/meetings/${meeting.id}/call`)).text).toContain("Join the call");
});

test("an agent that gave up can be called again from the meeting's page, and only then", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  const orders = () => db.prisma.outbox.count({ where: { kind: "agent.again", partitionKey: meeting.runId } });
  const path = `/meetings/${meeting.id}`;
  expect((await html(path)).text).not.toContain("Try the agent again");
  expect((await act(path, { intent: "callAgent" })).status).toBe(409);
  await db.prisma.meeting.update({ where: { id: meeting.id }, data: { agentState: "failed" } });
  expect((await html(path)).text).toContain("Try the agent again");
  expect((await act(path, { intent: "callAgent" })).status).toBe(200);
  expect(await orders()).toBe(1);
});

test("weak point 18: a reload in the processing shows the processing, with its stored progress (A-76 to A-79)", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.move({ type: "stage", stage: "summary" }, { type: "progress", stage: "summary", fraction: 0.5 });
  for (const path of [`/meetings/${meeting.id}`, `/meetings/${meeting.id}/call`]) {
    const { text } = await html(path);
    expect(text).toContain("Working on your meeting");
    expect(text).toContain("Understanding the conversation…");
    expect(text).toContain('aria-valuenow="50"');
    expect(text).toContain("This usually takes 10–20 seconds.");
    expect(text).not.toContain("Join the call");
  }
});

test("weak point 18: a failure is there after a reload, with its words and both ways out (A-83, A-84)", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.fail("The language service did not answer.");
  for (const path of [`/meetings/${meeting.id}`, `/meetings/${meeting.id}/call`]) {
    const { text } = await html(path);
    expect(text).toContain("The language service did not answer.");
    expect(text).toContain("Try again");
    expect(text).toMatch(/<a[^>]*href="\/meetings"[^>]*>Back to meetings/);
  }
  expect((await html(`/meetings/${meeting.id}`)).text).toContain("Half an hour every morning.");
});

test("a call that nobody heard says so, and offers no try that would hear no more", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  const error = { errorCode: "not_heard", errorMessage: "Nobody heard this call.", errorStage: "drain" };
  await db.prisma.run.updateMany({
    where: { conversationId: meeting.id },
    data: { ...error, errorAttempt: 1, status: "failed", stage: "drain" },
  });
  const { text } = await html(`/meetings/${meeting.id}`);
  expect(text).toContain("Not heard");
  expect(text).toContain("Nobody heard this call.");
  expect(text).not.toMatch(/Failed|Try again/);
  expect((await html("/meetings")).text).toContain("Not heard");
});

test("a failure that nobody has put into words says that the processing failed (A-83)", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.end();
  await meeting.fail("");
  expect((await html(`/meetings/${meeting.id}`)).text).toContain("Processing failed");
});

test("weak point 18: Try again begins a new attempt, and the view is the processing's again (A-84)", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.end();
  await meeting.fail("The language service did not answer.");
  const answer = await act(`/meetings/${meeting.id}`, { intent: "retry", runId: meeting.runId });
  expect(answer.status).toBe(200);
  const run = await db.prisma.run.findUniqueOrThrow({ where: { id: meeting.runId } });
  expect(run).toMatchObject({ status: "pending", attempt: 2, stage: "summary" });
  const started = { kind: "run.start", payload: { equals: { runId: meeting.runId, attempt: 2 } } };
  expect(await db.prisma.outbox.count({ where: started })).toBe(1);
  expect((await html(`/meetings/${meeting.id}`)).text).toContain("Working on your meeting");
  expect((await html(`/meetings/${meeting.id}/call`)).text).toContain("Working on your meeting");
});

test("a finished meeting shows its summary, tasks, transcript and plan with their evidence (A-86)", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.complete();
  await meeting.planNext();
  const call = await get(`/meetings/${meeting.id}/call`, ada);
  expect([call.status, call.headers.get("location")]).toEqual([302, `/meetings/${meeting.id}`]);
  const { text } = await html(`/meetings/${meeting.id}`);
  expect(text).toContain("A first talk about Portuguese.");
  expect(text).toContain("Portuguese is to be learnt before the summer.");
  expect(text).toContain("Half an hour every morning.");
  expect(text).toMatch(/Getting to know you<span[^>]*> · done, this meeting/);
  expect(text).toContain("1 of 2 sessions done");
  // What covers a goal is a way to the words themselves.
  expect(text).toMatch(/How much time do you have\?[\s\S]{0,40}<button[^>]*aria-label="Evidence at 0:15"/);
  expect(text).toContain("The call’s audio was not kept.");
  expect(text).toMatch(/>Participant</);
  expect(text).toMatch(/>Iris</);
  const next = await db.prisma.meeting.findFirstOrThrow({ where: { previousId: meeting.id } });
  expect(text).toContain(`href="/meetings/${next.id}"`);
  expect((await html(`/meetings/${next.id}`)).status).toBe(200);
});

test("a call that was not heard for a while says so between the words before and after it", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.complete();
  const began = (await db.prisma.meeting.findUniqueOrThrow({ where: { id: meeting.id } })).startedAt!.getTime();
  const away = (from: number, to: number, reason: string) => ({
    conversationId: meeting.id,
    startedAt: new Date(began + from),
    endedAt: new Date(began + to),
    reason,
  });
  await db.prisma.callAbsence.createMany({
    data: [away(0, 1_500, "not_joined"), away(9_000, 10_000, "renewed"), away(12_000, 26_000, "lost")],
  });
  const { text } = await html(`/meetings/${meeting.id}`);
  expect(text.match(/Not heard for [^<]*/g)).toEqual(["Not heard for 14 s: the connection was lost"]);
  const transcript = text.slice(text.indexOf('id="transcript"'));
  const places = ["How much time do you have for it?", "Not heard for 14 s", "Half an hour every morning."];
  const order = places.map((words) => transcript.indexOf(words));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
});

test("a meeting without a word says so plainly", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.end();
  await meeting.complete();
  const { text } = await html(`/meetings/${meeting.id}`);
  expect(text).toContain("Nothing was said in this meeting.");
  expect(text).not.toContain("Summarise again");
});

test("weak point 13: a next session that could not be created is a problem of its own, with its own retry", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.say();
  await meeting.end();
  await meeting.complete();
  const problem = "The database could not be reached.";
  await db.prisma.meeting.update({ where: { id: meeting.id }, data: { nextProblem: problem } });
  const before = await html(`/meetings/${meeting.id}`);
  expect(before.text).toContain("The next session could not be created.");
  expect(before.text).toContain(problem);
  expect(before.text).toContain("A first talk about Portuguese.");
  const tried = await Promise.all([1, 2].map(() => act(`/meetings/${meeting.id}`, { intent: "nextSession" })));
  expect(tried.map(({ status }) => status)).toEqual([200, 200]);
  const created = await db.prisma.meeting.findMany({ where: { previousId: meeting.id } });
  expect(created.map(({ sessionName }) => sessionName)).toEqual(["Making a plan"]);
  const after = await html(`/meetings/${meeting.id}`);
  expect(after.text).not.toContain("could not be created");
  expect(after.text).toContain(`href="/meetings/${created[0]?.id}"`);
});

test("without its agent a plan does not go on, and the page says what to do", async () => {
  const meeting = await addMeeting(db.prisma, ada);
  await meeting.begin();
  await meeting.end();
  await meeting.complete();
  await db.prisma.agent.delete({ where: { id: meeting.agentId } });
  const answer = await act(`/meetings/${meeting.id}`, { intent: "nextSession" });
  expect(answer.status).toBe(409);
  expect(await answer.text()).not.toContain("went wrong");
});

test("a cancelled meeting says so and can be begun again, from where it was broken off", async () => {
  const [calledOff, brokenOff] = [await addMeeting(db.prisma, ada), await addMeeting(db.prisma, ada)];
  await brokenOff.begin();
  await brokenOff.say();
  await brokenOff.end();
  for (const { id, move } of [calledOff, brokenOff]) {
    await move({ type: "cancelled" });
    const call = await get(`/meetings/${id}/call`, ada);
    expect([call.status, call.headers.get("location")]).toEqual([302, `/meetings/${id}`]);
  }
  expect((await html(`/meetings/${calledOff.id}`)).text).toContain("Set it up again");
  const { text } = await html(`/meetings/${brokenOff.id}`);
  expect(text).toContain("This run was cancelled.");
  expect(text).toContain("Start again");
  expect(text).toContain("Half an hour every morning.");
});

test("every page tells of meetings that go on, and of no others", async () => {
  const carol = await web.signUp();
  const waiting = await addMeeting(db.prisma, carol, { name: "Waiting" });
  expect((await html("/settings", carol)).text).not.toContain("going on");
  await waiting.begin();
  expect((await html("/settings", carol)).text).toContain('aria-label="1 meeting going on"');
  await waiting.end();
  expect((await html("/settings", carol)).text).toContain('aria-label="1 meeting going on"');
  await waiting.complete();
  expect((await html("/settings", carol)).text).not.toContain("going on");
});
