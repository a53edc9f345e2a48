import { expect, test } from "vitest";
import { userTopic, workspaceTopic } from "#domain/live.ts";
import { createApiKey, findApiKey } from "#records/accounts/api-keys.ts";
import { carryOutDeletion } from "#records/accounts/carry-out-deletion.ts";
import { deletionOutlook, orderLostDeletions, requestAccountDeletion } from "#records/accounts/delete-account.ts";
import { acceptInvite, createInvite } from "#records/accounts/invites.ts";
import { mailPasswordReset, passwordLinkOf } from "#records/accounts/password-resets.ts";
import { createWorkspace } from "#records/accounts/workspaces.ts";
import { keepAccount } from "#records/calendars/accounts.ts";
import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { addCalendar } from "#tests/calendars/calendar-fixtures.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { addRecorder, addVisit } from "#tests/recorders/recorder-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testSealer } from "#tests/setup/seal.ts";
import { addMeeting } from "#tests/web/meeting-fixtures.ts";
import { addPerson, addRecording } from "./people.ts";

type Person = Awaited<ReturnType<typeof addPerson>>;

/** Until nothing more can be done at once. */
async function carryOut(prisma: PrismaClient, userId: string): Promise<string> {
  for (let part = 0; part < 200; part++) {
    const progress = await carryOutDeletion(prisma, userId);
    if (progress !== "more") return progress;
  }
  throw new Error("It does not come to an end");
}

const join = (prisma: PrismaClient, workspaceId: string, { userId }: Person, role: string, minute: number) =>
  prisma.membership.create({ data: { workspaceId, userId, role, createdAt: new Date(minute * 60_000) } });

/** One of everything in a person's own workspace. */
async function fill(prisma: PrismaClient, person: Person) {
  const { id: recording } = await addRecording(prisma, person);
  const { id: meeting } = await addMeeting(prisma, person);
  const agent = { name: "Ada", instructions: "", voice: "alloy", blueprint: {} };
  await createAgent(prisma, { ...person, ...agent });
  const waiting = await addRecorder(prisma, person);
  const visited = await addVisit(
    prisma,
    person,
    { provider: "attendee", botId: newId(), botState: "ended", botStateAt: new Date(), requestedAt: new Date() },
    { status: "cancelled" },
  );
  const { calendar } = await addCalendar(prisma, person);
  const rows = await addChannelRows(prisma, person);
  return { recording, meeting, waiting, visited, calendar, channel: rows.channel, video: rows.queued };
}

const orders = async (prisma: PrismaClient, kind: string) =>
  (await prisma.outbox.findMany({ where: { kind, state: "new" } })).map(({ payload }) => payload);

test("a server's only administrator stays as long as others have accounts, and another one lets them go", async () => {
  await using db = await testDatabase();
  const [ann, ben] = [await addPerson(db.prisma), await addPerson(db.prisma)];
  await addPerson(db.prisma);
  await db.prisma.user.update({ where: { id: ann.userId }, data: { role: "admin" } });
  const refused = await requestAccountDeletion(db.prisma, ann);
  expect(refused).toMatchObject({
    ok: false,
    reason: "conflict",
    message: expect.stringMatching(/only administrator/),
  });
  expect(await deletionOutlook(db.prisma, ann.userId)).toMatchObject({ refusal: expect.any(String) });
  expect(await orders(db.prisma, "account.deleted")).toEqual([]);
  expect(await db.prisma.user.count({ where: { deletingAt: { not: null } } })).toBe(0);
  await db.prisma.user.update({ where: { id: ben.userId }, data: { role: "admin" } });
  // Of two who go at the same moment one stays.
  const both = await Promise.all([ann, ben].map((person) => requestAccountDeletion(db.prisma, person)));
  expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
});

test("who is alone on a server may go, and nobody's order removes an account that was not to go", async () => {
  await using db = await testDatabase();
  const ann = await addPerson(db.prisma);
  await db.prisma.user.update({ where: { id: ann.userId }, data: { role: "admin" } });
  expect(await carryOutDeletion(db.prisma, ann.userId)).toBe("done");
  expect(await db.prisma.user.count()).toBe(1);
  expect(await requestAccountDeletion(db.prisma, ann)).toEqual({ ok: true });
  expect(await carryOut(db.prisma, ann.userId)).toBe("done");
  expect(await db.prisma.user.count()).toBe(0);
});

test("at once nobody gets in any more, by key, link or invite, and the order is one however often it is asked for", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addPerson(prisma);
  const { userId } = ann;
  const { email } = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
  await prisma.account.create({
    data: { id: newId(), userId, accountId: userId, providerId: "credential", password: "x" },
  });
  await prisma.session.create({ data: { id: newId(), userId, token: "t", expiresAt: new Date(Date.now() + 60_000) } });
  const { key } = await createApiKey(prisma, { userId, name: "mine", expiresAt: null });
  expect(await passwordLinkOf(prisma, email)).not.toBeNull();
  const { workspaceId } = ann;
  const invite = await createInvite(prisma, { actorId: userId, workspaceId, role: "member", email: null });

  await requestAccountDeletion(prisma, ann);
  await requestAccountDeletion(prisma, ann);
  expect(await orders(prisma, "account.deleted")).toEqual([{ userId }]);
  expect(await findApiKey(prisma, key)).toBeNull();
  expect(await prisma.session.count()).toBe(0);
  expect(await prisma.account.count()).toBe(0);
  expect(await prisma.verification.count()).toBe(0);
  expect(await passwordLinkOf(prisma, email)).toBeNull();
  await mailPasswordReset(prisma, email);
  expect(await orders(prisma, "mail.password")).not.toContainEqual({ userId });
  const other = await addPerson(prisma);
  expect(await acceptInvite(prisma, { userId: other.userId, token: invite.token })).toBeNull();
  const told = await prisma.liveEvent.findMany({ where: { topic: userTopic(userId), type: "access.changed" } });
  expect(told.map(({ data }) => data)).toEqual([{ workspaceId, role: null }]);
  // A key that was made at that very moment opens nothing either.
  const late = await createApiKey(prisma, { userId, name: "late", expiresAt: null });
  expect(await findApiKey(prisma, late.key)).toBeNull();
});

test("what is a person's alone goes, each by its own way, and what has to be waited for is", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const [ann, ben] = [await addPerson(prisma), await addPerson(prisma)];
  const hers = await fill(prisma, ann);
  const his = await fill(prisma, ben);
  await createWorkspace(prisma, { userId: ann.userId, name: "Alone" });
  expect(await deletionOutlook(prisma, ann.userId)).toEqual({ refusal: null, gone: ["Alone"], kept: [] });
  await prisma.upload.create({
    data: {
      id: newId(),
      ...ann,
      fileName: "a",
      sizeBytes: 1,
      deferred: true,
      expiresAt: new Date(Date.now() + 3_600_000),
    },
  });
  const told = await prisma.run.findFirstOrThrow({ where: { recorder: { id: hers.waiting } } });
  // A bot whose workflow has begun is called back by it.
  await prisma.runClaim.create({ data: { runId: told.id, attempt: 1, temporalRunId: "x" } });

  await requestAccountDeletion(prisma, ann);
  expect(await carryOut(prisma, ann.userId)).toBe("waits");
  expect(await orders(prisma, "run.cancel")).toEqual([{ runId: told.id }]);
  expect(await prisma.upload.findMany({ where: { deferred: false, expiresAt: { lte: new Date() } } })).toHaveLength(1);
  expect(await prisma.conversation.count({ where: { workspaceId: ann.workspaceId } })).toBe(0);
  await prisma.run.update({ where: { id: told.id }, data: { status: "cancelled" } });
  expect(await carryOut(prisma, ann.userId)).toBe("waits");
  // The web process removes its bytes, and then the row.
  await prisma.upload.deleteMany();
  expect(await carryOut(prisma, ann.userId)).toBe("done");

  expect(await prisma.user.findMany({ select: { id: true } })).toEqual([{ id: ben.userId }]);
  expect(await prisma.workspace.findMany({ select: { id: true } })).toEqual([{ id: ben.workspaceId }]);
  const gone = (await orders(prisma, "conversation.deleted")) as { conversationId: string; workflowIds: string[] }[];
  expect(gone.map(({ conversationId }) => conversationId).toSorted()).toEqual(
    [hers.recording, hers.meeting, hers.video].toSorted(),
  );
  expect(gone.flatMap(({ workflowIds }) => workflowIds)).toContain(`recording:${hers.recording}`);
  expect(await orders(prisma, "channel.deleted")).toEqual([{ channelId: hers.channel }]);
  expect(await orders(prisma, "bot.erase")).toMatchObject([{ recorderId: hers.visited }]);
  for (const topic of [userTopic(ann.userId), workspaceTopic(ann.workspaceId)]) {
    expect(await prisma.liveEvent.count({ where: { topic } })).toBe(0);
  }
  // Nothing of anybody else's.
  expect(await prisma.conversation.count()).toBe(3);
  expect(await prisma.recorder.count()).toBe(2);
  expect(await prisma.calendar.findMany({ select: { id: true } })).toEqual([{ id: his.calendar }]);
  expect(await prisma.channel.findMany({ select: { id: true, pausedAt: true } })).toEqual([
    { id: his.channel, pausedAt: null },
  ]);
});

test("workspaces of others keep what is in them, and get an owner: the oldest admin, else the oldest member", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addPerson(prisma);
  const [old, young, admin, leaving] = [
    await addPerson(prisma),
    await addPerson(prisma),
    await addPerson(prisma),
    await addPerson(prisma),
  ];
  const { id: led } = await createWorkspace(prisma, { userId: ann.userId, name: "Led" });
  await join(prisma, led, old, "member", 1);
  await join(prisma, led, admin, "admin", 3);
  await join(prisma, led, leaving, "admin", 2);
  await join(prisma, ann.workspaceId, young, "member", 2);
  await join(prisma, ann.workspaceId, old, "member", 1);
  await join(prisma, ann.workspaceId, admin, "viewer", 0);
  await join(prisma, old.workspaceId, ann, "admin", 1);
  for (const [id, name] of [
    [admin.userId, "Ada"],
    [old.userId, "Olga"],
  ] as const) {
    await prisma.user.update({ where: { id }, data: { name } });
  }
  const kept = await addRecording(prisma, { userId: ann.userId, workspaceId: led });
  const personal = await addRecording(prisma, ann);
  const byHand = await addRecorder(prisma, { userId: ann.userId, workspaceId: led });
  await prisma.recorder.update({ where: { id: byHand }, data: { endsAt: null } });
  // Whose account goes too owns nothing.
  await requestAccountDeletion(prisma, leaving);
  const outlook = await deletionOutlook(prisma, ann.userId);
  expect(outlook.gone).toEqual([]);
  expect(outlook.kept.toSorted((a, b) => String(a.owner).localeCompare(String(b.owner)))).toEqual([
    { name: "Led", owner: "Ada" },
    { name: "Personal", owner: null },
    { name: "Personal", owner: "Olga" },
  ]);

  await requestAccountDeletion(prisma, ann);
  expect(await carryOut(prisma, ann.userId)).toBe("done");
  expect(await prisma.user.count({ where: { id: ann.userId } })).toBe(0);
  const owners = await prisma.membership.findMany({
    where: { role: "owner", workspaceId: { in: [led, ann.workspaceId] } },
  });
  expect(Object.fromEntries(owners.map(({ workspaceId, userId }) => [workspaceId, userId]))).toEqual({
    [led]: admin.userId,
    [ann.workspaceId]: old.userId,
  });
  const rows = await prisma.conversation.findMany({ orderBy: { id: "asc" }, include: { runs: true } });
  expect(rows.map(({ id, ownerId }) => [id, ownerId])).toEqual(
    [kept.id, personal.id].toSorted().map((id) => [id, null]),
  );
  expect(rows.map(({ runs }) => runs[0]?.ownerId)).toEqual([null, null]);
  expect(await orders(prisma, "conversation.deleted")).toEqual([]);
  const bot = await prisma.recorder.findUniqueOrThrow({ where: { id: byHand }, include: { run: true } });
  expect(bot).toMatchObject({ stoppedAt: expect.any(Date), run: { status: "cancelled" } });
  expect(await prisma.membership.count({ where: { workspaceId: old.workspaceId } })).toBe(1);
  const told = await prisma.liveEvent.findMany({ where: { topic: userTopic(admin.userId), type: "access.changed" } });
  expect(told.map(({ data }) => data)).toEqual([{ workspaceId: led, role: "owner" }]);
});

test("a calendar of somebody who was in the workspace once goes to their own", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const [ann, ben] = [await addPerson(prisma), await addPerson(prisma)];
  const { calendar } = await addCalendar(prisma, { userId: ben.userId, workspaceId: ann.workspaceId });
  await requestAccountDeletion(prisma, ann);
  expect(await carryOut(prisma, ann.userId)).toBe("done");
  expect(await prisma.calendar.findUnique({ where: { id: calendar } })).toMatchObject({
    workspaceId: ben.workspaceId,
    ownerId: ben.userId,
  });
});

/** A client whose transaction of this number fails, before it begins or after its commit; `hasFailed` tells whether there was one. */
function failingAt(prisma: PrismaClient, number: number, isAfter: boolean) {
  let begun = 0;
  const broken = new Proxy(prisma, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property);
      if (property !== "$transaction" || typeof value !== "function") return value;
      return async (...given: unknown[]) => {
        begun += 1;
        const fails = begun === number;
        if (fails && !isAfter) throw new Error("Killed");
        const result: unknown = await Reflect.apply(value, target, given);
        if (fails) throw new Error("Killed");
        return result;
      };
    },
  });
  return { broken, hasFailed: () => begun >= number };
}

test.each([false, true])(
  "broken off at any transaction, after its commit: %s, and done by two at once, it ends as if it had not been",
  async (isAfter) => {
    await using db = await testDatabase();
    const { prisma } = db;
    const [ann, ben] = [await addPerson(prisma), await addPerson(prisma)];
    const hers = await fill(prisma, ann);
    const shared = await createWorkspace(prisma, { userId: ann.userId, name: "Shared" });
    await join(prisma, shared.id, ben, "member", 1);
    const kept = await addRecording(prisma, { userId: ann.userId, workspaceId: shared.id });
    await requestAccountDeletion(prisma, ann);
    let failures = 0;
    // Each delivery gets a little further than the one before it.
    for (let number = 1; number < 100; number++) {
      const { broken, hasFailed } = failingAt(prisma, number, isAfter);
      const end = await carryOut(broken, ann.userId).catch((error: Error) => error.message);
      if (hasFailed()) failures += 1;
      if (end === "done") break;
      expect(end).toBe("Killed");
    }
    expect(failures).toBeGreaterThan(5);
    await Promise.all([carryOut(prisma, ann.userId), carryOut(prisma, ann.userId)]);
    expect(await prisma.user.findMany({ select: { id: true } })).toEqual([{ id: ben.userId }]);
    expect(await prisma.conversation.findMany({ select: { id: true, ownerId: true } })).toEqual([
      { id: kept.id, ownerId: null },
    ]);
    const gone = (await orders(prisma, "conversation.deleted")) as { conversationId: string }[];
    expect(gone.map(({ conversationId }) => conversationId).toSorted()).toEqual(
      [hers.recording, hers.meeting, hers.video].toSorted(),
    );
    expect(await orders(prisma, "bot.erase")).toHaveLength(1);
    expect(await orders(prisma, "channel.deleted")).toHaveLength(1);
    const owner = await prisma.membership.findFirstOrThrow({ where: { workspaceId: shared.id } });
    expect(owner).toMatchObject({ userId: ben.userId, role: "owner" });
  },
);

test("deliveries at once leave nothing out, and come to the same end", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addPerson(prisma);
  const made: string[] = [];
  for (let count = 0; count < 30; count++) made.push((await addRecording(prisma, ann)).id);
  await requestAccountDeletion(prisma, ann);
  const ends = await Promise.allSettled([1, 2, 3].map(() => carryOut(prisma, ann.userId)));
  expect(ends.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(await carryOut(prisma, ann.userId)).toBe("done");
  expect(await prisma.user.count()).toBe(0);
  const gone = (await orders(prisma, "conversation.deleted")) as { conversationId: string }[];
  expect(new Set(gone.map(({ conversationId }) => conversationId))).toEqual(new Set(made));
});

test("an order that was given up, or lost, is made anew, and none while one waits", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const [ann, ben] = [await addPerson(prisma), await addPerson(prisma)];
  await requestAccountDeletion(prisma, ann);
  await orderLostDeletions(prisma);
  expect(await orders(prisma, "account.deleted")).toHaveLength(1);
  await prisma.outbox.updateMany({ data: { state: "dead" } });
  await orderLostDeletions(prisma);
  await orderLostDeletions(prisma);
  expect(await orders(prisma, "account.deleted")).toEqual([{ userId: ann.userId }]);
  expect(await prisma.user.count({ where: { id: ben.userId, deletingAt: null } })).toBe(1);
});

test("what nobody does in time is not waited for for ever", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const ann = await addPerson(prisma);
  const { userId } = ann;
  await prisma.upload.create({ data: { id: newId(), ...ann, fileName: "a", sizeBytes: 1, expiresAt: new Date() } });
  const tokens = { accessToken: "a", accessUntil: new Date(0), refreshToken: "r" };
  const consented = { provider: "google" as const, subject: "1", email: "a@example.com", tokens };
  const accountId = await keepAccount({ prisma, sealer: testSealer }, userId, consented);
  await requestAccountDeletion(prisma, ann);
  expect(await carryOut(prisma, userId)).toBe("waits");
  expect(await orders(prisma, "calendar.account-closed")).toEqual([{ accountId }]);
  await prisma.user.updateMany({ data: { deletingAt: new Date(Date.now() - 21 * 3_600_000) } });
  expect(await carryOut(prisma, userId)).toBe("done");
  expect(await prisma.user.count()).toBe(0);
});
