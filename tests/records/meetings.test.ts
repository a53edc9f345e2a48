import { expect, test } from "vitest";
import { workspaceTopic } from "#domain/live.ts";
import { deleteAgent, updateAgent } from "#records/meetings/agents.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { readEvents } from "#records/live/feed.ts";
import { editMeeting, problemWithTime, retryNextSession } from "#records/meetings/meeting-edits.ts";
import { countUpcoming, listMeetings, meetingsNow } from "#records/meetings/meeting-lists.ts";
import { cancelRun, retryRun } from "#records/runs/run-requests.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addMeeting } from "#tests/web/meeting-fixtures.ts";
import { addPerson } from "./people.ts";

const hours = (count: number) => new Date(Date.now() + count * 3_600_000);

test("a meeting may be set to now or later, not to a time that has passed or is years away", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const problem = (time: string) => problemWithTime(new Date(time), now);
  expect(problemWithTime(null, now)).toBeNull();
  expect(problem("2026-11-21T11:59:30Z")).toBeNull();
  expect(problem("2026-11-21T11:58:00Z")).toMatch(/lies ahead/);
  expect(problem("2028-11-20T12:00:00Z")).toBeNull();
  expect(problem("2029-11-21T12:00:00Z")).toMatch(/two years/);
});

test("an edit and the beginning of the call come one after the other, and neither is lost", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { userId } = person;
  for (let round = 0; round < 8; round++) {
    const meeting = await addMeeting(db.prisma, person);
    const [answer] = await Promise.all([
      editMeeting(db.prisma, { userId, id: meeting.id, edit: { prompt: "New" } }),
      meeting.begin(),
    ]);
    const { prompt, startedAt } = await db.prisma.meeting.findUniqueOrThrow({ where: { id: meeting.id } });
    const came = answer.ok ? "in time" : answer.reason;
    expect([
      ["in time", "New", true],
      ["conflict", "", true],
    ]).toContainEqual([came, prompt, startedAt !== null]);
  }
});

test("an edit of a finished meeting's name bothers no workflow; nobody else's edit is taken", async () => {
  await using db = await testDatabase();
  const [ada, bob] = [await addPerson(db.prisma), await addPerson(db.prisma)];
  const { id, complete } = await addMeeting(db.prisma, ada);
  await complete();
  expect(await editMeeting(db.prisma, { ...bob, id, edit: { name: "Mine" } })).toEqual({
    ok: false,
    reason: "not_found",
  });
  expect(await editMeeting(db.prisma, { ...ada, id, edit: { name: "Renamed" } })).toEqual({ ok: true });
  expect(await db.prisma.outbox.count({ where: { kind: "meeting.edited" } })).toBe(0);
  expect(await db.prisma.conversation.findUniqueOrThrow({ where: { id } })).toMatchObject({ title: "Renamed" });
});

test("another agent's plan takes over what was covered of the same session, and drops the rest", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const first = await addMeeting(db.prisma, person);
  await first.begin();
  await first.say();
  await first.end();
  await first.complete();
  const next = await first.planNext();
  const { agentId } = await addMeeting(db.prisma, person);
  const goals = ["What do you want to learn?", "How much time do you have?"];
  const sessions = ["Getting to know you", "Something else"].map((session_name) => ({ session_name, goals }));
  await updateAgent(db.prisma, person.userId, agentId, { blueprint: { sessions } });
  const id = next?.id ?? "";
  expect(await editMeeting(db.prisma, { ...person, id, edit: { agentId } })).toEqual({ ok: true });
  const { progress, sessionName } = await db.prisma.meeting.findUniqueOrThrow({ where: { id } });
  expect(progress).toMatchObject([
    { session_name: "Getting to know you", status: "completed" },
    { session_name: "Something else", status: "pending" },
  ]);
  expect(sessionName).toBe("Something else");
});

test("an agent of another workspace cannot be given to a meeting", async () => {
  await using db = await testDatabase();
  const [ada, bob] = [await addPerson(db.prisma), await addPerson(db.prisma)];
  const [mine, other] = [await addMeeting(db.prisma, ada), await addMeeting(db.prisma, bob)];
  const edit = { agentId: other.agentId };
  expect(await editMeeting(db.prisma, { ...ada, id: mine.id, edit })).toEqual({ ok: false, reason: "agent_not_found" });
});

test("a next session that nobody can hold says so; one that was deleted stays deleted", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { userId } = person;
  const orphan = await addMeeting(db.prisma, person);
  await orphan.complete();
  await deleteAgent(db.prisma, userId, orphan.agentId);
  expect(await retryNextSession(db.prisma, { userId, id: orphan.id })).toMatchObject({
    reason: "conflict",
    message: expect.stringMatching(/agent .* deleted/),
  });
  const meeting = await addMeeting(db.prisma, person);
  await meeting.complete();
  const made = await retryNextSession(db.prisma, { userId, id: meeting.id });
  if (!made.ok) throw new Error(made.reason);
  expect(made.created).toBe(true);
  expect(await retryNextSession(db.prisma, { userId, id: meeting.id })).toEqual({
    ok: true,
    id: made.id,
    created: false,
  });
  await deleteConversation(db.prisma, { userId, id: made.id });
  expect(await retryNextSession(db.prisma, { userId, id: meeting.id })).toMatchObject({ reason: "conflict" });
});

test("a meeting that was called off can be set up again, and is to come once more", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { runId } = await addMeeting(db.prisma, person);
  const statuses = async () => {
    const query = { status: null, text: null, cursor: null, limit: 5 };
    return (await listMeetings(db.prisma, person.userId, query)).items.map(({ status }) => status);
  };
  expect(await cancelRun(db.prisma, person.userId, runId)).toMatchObject({ ok: true });
  expect(await statuses()).toEqual(["cancelled"]);
  expect(await retryRun(db.prisma, person.userId, runId)).toMatchObject({ ok: true });
  expect(await statuses()).toEqual(["upcoming"]);
});

test("home has what goes on first, then what is to come within a day; what is done or far off is not there", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { userId } = person;
  const at = async (name: string, scheduledAt: Date | null) => {
    const meeting = await addMeeting(db.prisma, person, { name });
    expect(await editMeeting(db.prisma, { userId, id: meeting.id, edit: { scheduledAt } })).toEqual({ ok: true });
    return meeting;
  };
  const tonight = await at("tonight", hours(8));
  await at("next week", hours(170));
  await at("whenever", null);
  await at("soon", hours(1));
  const going = await at("going on", null);
  await going.begin();
  const done = await at("done", null);
  await done.complete();
  const now = await meetingsNow(db.prisma, userId);
  expect(now.map(({ name }) => name)).toEqual(["going on", "soon", "tonight"]);
  const upcoming = [tonight, going].map(({ agentId }) => countUpcoming(db.prisma, agentId));
  expect(await Promise.all(upcoming)).toEqual([1, 0]);
});

test("the news of an edit reach the workspace in the transaction of the change", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { id } = await addMeeting(db.prisma, person);
  const scheduledAt = hours(3);
  await editMeeting(db.prisma, { ...person, id, edit: { scheduledAt, name: "At three" } });
  const events = await readEvents(db.prisma, workspaceTopic(person.workspaceId), 0, 10);
  expect(events.map(({ type }) => type)).toEqual(["run.created", "meeting.changed", "conversation.changed"]);
  expect(events[1]?.data).toMatchObject({
    conversationId: id,
    scheduledAt: scheduledAt.toISOString(),
    startedAt: null,
  });
  expect(events[2]?.data).toEqual({ conversationId: id, title: "At three" });
});
