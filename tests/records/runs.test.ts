import { expect, test } from "vitest";
import { conversationTopic, userTopic, workspaceTopic } from "#domain/live.ts";
import { renameConversation } from "#records/conversations/conversations.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { readEvents } from "#records/live/feed.ts";
import { newId } from "#records/ids.ts";
import { cancelRun, orderAnalysis, retryRun } from "#records/runs/run-requests.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { claimAttempt, takeClaim } from "#records/runs/attempt-claims.ts";
import { beginTry } from "#records/runs/run-stages.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addPerson, addRecording } from "./people.ts";

const failed = {
  type: "failed",
  error: { code: "internal", message: "Broken", stage: "transcode", attempt: 1 },
} as const;

test("C-16: an upload makes recording, run and the order to start it in one go", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { id, runId } = await addRecording(db.prisma, person);
  const outbox = await db.prisma.outbox.findMany();
  expect(outbox).toMatchObject([{ kind: "run.start", payload: { runId, attempt: 1 }, state: "new" }]);
  const events = await readEvents(db.prisma, conversationTopic(id), 0, 10);
  expect(events).toMatchObject([{ seq: 1, type: "run.created", data: { status: "pending" } }]);
});

test("the same bytes twice in a workspace are one recording, also when they arrive at once (C weak 7)", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const sha256 = "ab".repeat(32);
  const made = await Promise.all([1, 2, 3, 4].map(() => addRecording(db.prisma, person, { sha256 })));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(made.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
  expect(await db.prisma.outbox.count()).toBe(1);
  const copy = await addRecording(db.prisma, person, { sha256, allowDuplicate: true });
  expect(copy.duplicate).toBe(false);
  const other = await addRecording(db.prisma, await addPerson(db.prisma), { sha256 });
  expect(other.duplicate).toBe(false);
});

test("B-7 B-51 a run's news reach its conversation, its workspace and its owner's notices, once", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { id, runId } = await addRecording(db.prisma, person);
  for (const event of [{ type: "started" }, failed, failed] as const) {
    await db.prisma.$transaction((tx) => applyRunEvent(tx, runId, event, 1));
  }
  const types = async (topic: string) => (await readEvents(db.prisma, topic, 0, 50)).map(({ type }) => type);
  expect(await types(conversationTopic(id))).toEqual(["run.created", "run.started", "run.failed"]);
  expect(await types(workspaceTopic(person.workspaceId))).toEqual(["run.created", "run.started", "run.failed"]);
  expect(await types(userTopic(person.userId))).toEqual(["notification.added"]);
  expect(await db.prisma.notification.findMany()).toMatchObject([{ type: "run.failed", body: "Broken" }]);
});

test("a report of an earlier attempt changes nothing", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { runId } = await addRecording(db.prisma, person);
  await db.prisma.$transaction((tx) => applyRunEvent(tx, runId, failed, 1));
  expect(await retryRun(db.prisma, person.userId, runId)).toMatchObject({ ok: true, state: { attempt: 2 } });
  const late = await db.prisma.$transaction((tx) => applyRunEvent(tx, runId, failed, 1));
  expect(late).toMatchObject({ changed: false, state: { status: "pending", attempt: 2 } });
  expect(await beginTry(db.prisma, { runId, attempt: 1, stage: "transcode" })).toBeNull();
});

test("retry orders one start per attempt; a run that works cannot be retried", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { runId } = await addRecording(db.prisma, person);
  expect(await retryRun(db.prisma, person.userId, runId)).toMatchObject({ ok: false, reason: "conflict" });
  await db.prisma.$transaction((tx) => applyRunEvent(tx, runId, failed, 1));
  const answers = await Promise.all([1, 2, 3].map(() => retryRun(db.prisma, person.userId, runId)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await db.prisma.outbox.count({ where: { kind: "run.start" } })).toBe(2);
});

test("cancelling a run that Temporal never heard of drops its start and ends it", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { runId } = await addRecording(db.prisma, person);
  expect(await cancelRun(db.prisma, person.userId, runId)).toMatchObject({ ok: true, state: { status: "cancelled" } });
  expect(await db.prisma.outbox.findMany()).toMatchObject([{ kind: "run.start", state: "dropped" }]);
});

test("cancelling a run that works is handed to its workflow, once for two clicks", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { runId } = await addRecording(db.prisma, person);
  await db.prisma.outbox.updateMany({ data: { state: "done" } });
  await db.prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "started" }, 1));
  await cancelRun(db.prisma, person.userId, runId);
  expect(await cancelRun(db.prisma, person.userId, runId)).toMatchObject({
    ok: true,
    state: { cancelRequested: true, status: "starting" },
  });
  expect(await db.prisma.outbox.count({ where: { kind: "run.cancel" } })).toBe(1);
});

test("another person's run cannot be told from one that does not exist", async () => {
  await using db = await testDatabase();
  const { id, runId } = await addRecording(db.prisma, await addPerson(db.prisma));
  const { userId } = await addPerson(db.prisma);
  expect(await retryRun(db.prisma, userId, runId)).toEqual({ ok: false, reason: "not_found" });
  expect(await cancelRun(db.prisma, userId, runId)).toEqual({ ok: false, reason: "not_found" });
  expect(await deleteConversation(db.prisma, { userId, id })).toBe(false);
});

test("an attempt is claimed by one execution only, and by that one as often as it asks", async () => {
  await using db = await testDatabase();
  const { runId } = await addRecording(db.prisma, await addPerson(db.prisma));
  const claims = await Promise.all(
    ["first", "second", "third"].map((temporalRunId) => claimAttempt(db.prisma, { runId, attempt: 1, temporalRunId })),
  );
  const { temporalRunId: winner } = await db.prisma.runClaim.findFirstOrThrow();
  expect(claims).toEqual([winner, winner, winner]);
  expect(await claimAttempt(db.prisma, { runId, attempt: 1, temporalRunId: "later" })).toBe(winner);
});

test("a claim whose execution is gone is taken over by one other", async () => {
  await using db = await testDatabase();
  const { runId } = await addRecording(db.prisma, await addPerson(db.prisma));
  await claimAttempt(db.prisma, { runId, attempt: 1, temporalRunId: "gone" });
  const taken = await Promise.all(
    ["second", "third"].map((temporalRunId) => takeClaim(db.prisma, { runId, attempt: 1, temporalRunId }, "gone")),
  );
  expect(taken.filter(Boolean)).toHaveLength(1);
});

test("re-runs of the analysis get versions of their own, from 2 on", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { id } = await addRecording(db.prisma, person);
  const order = { userId: person.userId, conversationId: id, template: "general", instructions: "", model: null };
  const made = await Promise.all([1, 2, 3].map(() => orderAnalysis(db.prisma, order)));
  expect(made.map((each) => each?.version ?? 0).sort((a, b) => a - b)).toEqual([2, 3, 4]);
});

test("deleting a conversation leaves nothing of it but the order to remove its files", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { id, runId } = await addRecording(db.prisma, person, { title: "canary title" });
  await db.prisma.$transaction((tx) => applyRunEvent(tx, runId, failed, 1));
  expect(await deleteConversation(db.prisma, { userId: person.userId, id })).toBe(true);
  const tables = await db.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
  for (const { name } of tables) {
    const rows = await db.prisma.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" AS t`);
    expect(rows.filter(({ row }) => row.includes("canary title"))).toEqual([]);
  }
  expect(await db.prisma.outbox.findMany({ where: { state: "new" } })).toMatchObject([
    { kind: "conversation.deleted", payload: { conversationId: id, workflowIds: [`recording:${id}`] } },
  ]);
});

test("a run is called and owned as its conversation is, also where that is renamed or its owner goes", async () => {
  await using db = await testDatabase();
  const [person, host] = [await addPerson(db.prisma), await addPerson(db.prisma)];
  const { id, runId } = await addRecording(db.prisma, { ...person, workspaceId: host.workspaceId });
  await db.prisma.membership.create({ data: { ...host, userId: person.userId, role: "member" } });
  const order = { userId: person.userId, conversationId: id, template: "general", instructions: "", model: null };
  await orderAnalysis(db.prisma, order);
  const runs = async () => (await db.prisma.run.findMany()).map(({ title, ownerId }) => [title, ownerId]);
  const both = (title: string, ownerId: string | null) => [
    [title, ownerId],
    [title, ownerId],
  ];
  expect(await runs()).toEqual(both("A talk", person.userId));
  const before = await db.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  await renameConversation(db.prisma, { userId: person.userId, id, title: "Another name" });
  expect(await runs()).toEqual(both("Another name", person.userId));
  // That it was renamed is no sign of life.
  expect((await db.prisma.run.findUniqueOrThrow({ where: { id: runId } })).updatedAt).toEqual(before.updatedAt);
  await db.prisma.$transaction((tx) => applyRunEvent(tx, runId, failed, 1));
  const [last] = (await readEvents(db.prisma, conversationTopic(id), 0, 50)).slice(-1);
  expect(last).toMatchObject({ type: "run.failed", data: { title: "Another name" } });
  expect(await db.prisma.notification.findMany()).toMatchObject([{ title: "“Another name” failed" }]);
  await db.prisma.user.delete({ where: { id: person.userId } });
  expect(await runs()).toEqual(both("Another name", null));
});

test("a person goes with their own workspace, its conversations and runs", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  await addRecording(db.prisma, person);
  await db.prisma.user.delete({ where: { id: person.userId } });
  expect([await db.prisma.run.count(), await db.prisma.conversation.count()]).toEqual([0, 0]);
});

test("no run of a kind that works on a conversation can be without one", async () => {
  await using db = await testDatabase();
  const { workspaceId } = await addPerson(db.prisma);
  for (const kind of ["recording", "analysis", "meeting"]) {
    const run = {
      id: newId(),
      kind,
      workspaceId,
      workflowId: newId(),
      title: "A run",
      status: "pending",
      stage: "done",
    };
    await expect(db.prisma.run.create({ data: run })).rejects.toThrow("run_conversation_present");
  }
});
