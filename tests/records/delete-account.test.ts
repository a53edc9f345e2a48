import { expect, test } from "vitest";
import { userTopic, workspaceTopic } from "#domain/live.ts";
import { createApiKey, findApiKey } from "#records/accounts/api-keys.ts";
import { carryOutDeletion } from "#records/accounts/carry-out-deletion.ts";
import { deletionOutlook, orderLostDeletions, requestAccountDeletion } from "#records/accounts/delete-account.ts";
import { acceptInvite, createInvite } from "#records/accounts/invites.ts";
import { mailPasswordReset, passwordLinkOf } from "#records/accounts/password-resets.ts";
import { createWorkspace } from "#records/accounts/workspaces.ts";
import { keepAccount } from "#records/calendars/accounts.ts";
import { newId } from "#records/ids.ts";
import { updateChannel } from "#records/channels/channels.ts";
import { addCalendar } from "#tests/calendars/calendar-fixtures.ts";
import { addRecorder } from "#tests/bot-visits/recorder-fixtures.ts";
import { addUploadChannel } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testSealer } from "#tests/setup/seal.ts";
import { carryOut, fill, join, orders } from "./account-to-delete.ts";
import { addPerson, addRecording } from "./people.ts";

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
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
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
  expect(await orders(prisma, "account.deleted")).toMatchObject([{ userId, turn: 1 }]);
  expect(await findApiKey(prisma, key)).toBeNull();
  expect(await prisma.session.count()).toBe(0);
  expect(await prisma.account.count()).toBe(0);
  expect(await prisma.verification.count()).toBe(0);
  expect(await passwordLinkOf(prisma, email)).toBeNull();
  await mailPasswordReset(prisma, email);
  expect(await orders(prisma, "mail.password")).not.toContainEqual({ userId });
  const other = await addPerson(prisma);
  expect(await acceptInvite(prisma, { userId: other.userId, token: invite.token })).toBeNull();
  const told = await prisma.liveEvent.findMany({ where: { topic: userTopic(userId) } });
  expect(told.map(({ type }) => type)).toEqual(["access.ended"]);
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
  // By somebody who has left since.
  const of = { actorId: ben.userId, workspaceId: ann.workspaceId, role: "member", email: null } as const;
  const { token } = await createInvite(prisma, of);
  const told = await prisma.run.findFirstOrThrow({ where: { recorder: { id: hers.waiting } } });
  // A bot whose workflow has begun is called back by it.
  await prisma.runClaim.create({ data: { runId: told.id, attempt: 1, temporalRunId: "x" } });

  await requestAccountDeletion(prisma, ann);
  expect(await carryOut(prisma, ann.userId)).toBe("waits");
  expect(await orders(prisma, "run.cancel")).toEqual([{ runId: told.id }]);
  // Nobody joins what goes, and nothing new is fetched into it.
  expect(await acceptInvite(prisma, { userId: ben.userId, token })).toBeNull();
  expect(await prisma.channel.count({ where: { id: hers.channel, pausedAt: { not: null } } })).toBe(1);
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

test("a podcast that stays names the address of nobody who is gone as its owner's", async () => {
  await using db = await testDatabase();
  const { prisma } = db;
  const [ann, ben] = [await addPerson(prisma), await addPerson(prisma)];
  await join(prisma, ben.workspaceId, ann, "member", 1);
  const ownerEmails = { [ann.userId]: `${ann.userId}@example.org`, [ben.userId]: "ben@talks.example" };
  for (const [userId, ownerEmail] of Object.entries(ownerEmails)) {
    const id = await addUploadChannel(prisma, { userId, workspaceId: ben.workspaceId });
    await updateChannel(prisma, userId, id, { ownerEmail });
  }
  await requestAccountDeletion(prisma, ann);
  expect(await carryOut(prisma, ann.userId)).toBe("done");
  const left = await prisma.channel.findMany({ orderBy: { id: "asc" }, select: { ownerEmail: true } });
  expect(left).toEqual([{ ownerEmail: null }, { ownerEmail: "ben@talks.example" }]);
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
  expect(await orders(prisma, "account.deleted")).toMatchObject([{ userId: ann.userId, turn: 1 }]);
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
  await prisma.upload.deleteMany();
  expect(await carryOut(prisma, userId)).toBe("waits");
  await prisma.user.updateMany({ data: { deletingAt: new Date(Date.now() - 25 * 3_600_000) } });
  expect(await carryOut(prisma, userId)).toBe("done");
  expect(await prisma.user.count()).toBe(0);
});
