import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { accessTokenOf } from "#records/calendars/account-tokens.ts";
import { closeIdleAccounts } from "#records/calendars/accounts.ts";
import { createSealer } from "#records/seal.ts";
import { testSealer } from "#tests/setup/seal.ts";
import { meeting, startGoogleSystem } from "./google-setup.ts";
import type { GoogleSystem } from "./google-setup.ts";
import { eventsOf, inHours, syncNow, synced } from "./system.ts";

let system: GoogleSystem;
beforeAll(async () => {
  system = await startGoogleSystem();
});
afterAll(() => system[Symbol.asyncDispose]());
afterEach(() => Object.assign(system.google.oauth.state, { fail: null, accessSeconds: 3_600 }));

const accounts = (userId: string) => system.db.prisma.calendarAccount.findMany({ where: { ownerId: userId } });
const notices = (userId: string) =>
  system.db.prisma.notification.findMany({ where: { userId, type: "calendar.failing" }, orderBy: { id: "asc" } });

test("B-88 whoever reads the database finds no token of an account", async () => {
  const { ann, accountId } = await system.connected([meeting("a", 1)]);
  const tables = ["calendar_account", "calendar", "calendar_consent", "outbox", "audit_entry"];
  for (const table of tables) {
    const rows = await system.db.prisma.$queryRawUnsafe(`SELECT * FROM ${table}`);
    expect(JSON.stringify(rows)).not.toMatch(/1\/\/|ya29\./);
  }
  const [row] = await accounts(ann.userId);
  const place = { table: "calendar_account", id: accountId };
  expect(testSealer.open(row?.refreshToken ?? "", { ...place, column: "refresh_token" })).toMatch(/^1\/\//);
  // Nor can one be put in the other's place.
  expect(() => testSealer.open(row?.refreshToken ?? "", { ...place, column: "access_token" })).toThrow(/does not open/);
});

test("an access token is used until its end, and of many who want a new one at once one asks for it", async () => {
  system.google.oauth.state.accessSeconds = 30;
  const { ann, id, accountId } = await system.connected([meeting("a", 1)]);
  const before = system.google.oauth.state.refreshes;
  system.google.oauth.state.accessSeconds = 3_600;
  const { prisma } = system.db;
  const refresh = async (_provider: string, token: string) => system.clients.google!.refresh(token);
  const ask = () => accessTokenOf({ prisma, sealer: testSealer }, { accountId, refresh });
  const got = await Promise.all([1, 2, 3, 4, 5].map(ask));
  expect(new Set(got.map((each) => (typeof each === "string" ? each : each.accessToken))).size).toBe(1);
  await syncNow(ann, id);
  expect(system.google.oauth.state.refreshes).toBe(before + 1);
});

test("an access token that Google takes no more, though it should hold, is replaced and the question asked again", async () => {
  const { ann, id, account } = await system.connected([meeting("a", 1)]);
  account.put(meeting("b", 2));
  system.google.oauth.forgetAccess();
  expect((await syncNow(ann, id)).sync.state).toBe("ok");
  expect(await eventsOf(ann)).toHaveLength(2);
});

test("a consent that was taken back is told once for all calendars of the account, and their events stay", async () => {
  const { ann, id, add } = await system.connected([meeting("a", 1)]);
  const team = await add("team");
  system.google.oauth.withdraw(ann.email);
  system.google.oauth.forgetAccess();
  for (const each of [id, team, id]) {
    expect(await syncNow(ann, each)).toMatchObject({
      account: { needsConsent: true },
      sync: { state: "failed", problem: { code: "consent_needed" } },
    });
  }
  expect(await notices(ann.userId)).toMatchObject([
    { title: `Reconnect Google Calendar of ${ann.email}`, link: "/calendar/connections" },
  ]);
  expect(await eventsOf(ann)).toHaveLength(1);
  const asked = system.google.asked.length;
  await syncNow(ann, id);
  expect(system.google.asked).toHaveLength(asked);
});

test("to consent anew brings the account's calendars back at once; another time it is told anew", async () => {
  const { ann, id, account, accountId } = await system.connected([meeting("a", 1)]);
  const takeBack = async () => {
    system.google.oauth.withdraw(ann.email);
    system.google.oauth.forgetAccess();
    await syncNow(ann, id);
  };
  await takeBack();
  account.put(meeting("b", 2));
  system.google.oauth.state.person = account;
  expect(await system.consentAs(ann)).toEqual({ accountId });
  await expect.poll(() => eventsOf(ann)).toHaveLength(2);
  expect((await synced(ann, id)).sync).toMatchObject({ state: "ok", problem: null });
  await takeBack();
  expect(await notices(ann.userId)).toHaveLength(2);
});

test("under a new key tokens are sealed anew with the next access token", async () => {
  const { accountId } = await system.connected();
  const key = { id: "new", key: randomBytes(32) };
  const sealer = createSealer([key, ...system.web.env.SEAL_KEYS]);
  const { prisma } = system.db;
  await prisma.calendarAccount.update({ where: { id: accountId }, data: { accessUntil: new Date(0) } });
  const refresh = (_provider: string, token: string) => system.clients.google!.refresh(token);
  expect(await accessTokenOf({ prisma, sealer }, { accountId, refresh })).toMatchObject({ provider: "google" });
  const row = await prisma.calendarAccount.findUniqueOrThrow({ where: { id: accountId } });
  expect([row.accessToken, row.refreshToken].map((token) => sealer.isCurrent(token ?? ""))).toEqual([true, true]);
  const alone = { prisma, sealer: createSealer([key]) };
  expect(await accessTokenOf(alone, { accountId, refresh })).toMatchObject({ provider: "google" });
});

test("a token whose key is lost is of no use: the person is asked to consent anew", async () => {
  const { accountId } = await system.connected();
  const sealer = createSealer([{ id: "other", key: randomBytes(32) }]);
  const refresh = () => Promise.reject(new Error("nothing to refresh with"));
  const { prisma } = system.db;
  expect(await accessTokenOf({ prisma, sealer }, { accountId, refresh })).toBe("consent_needed");
});

const troubles = [
  [503, "", "server_error"],
  [429, "", "rate_limited"],
  [401, '{"error":"invalid_client"}', "not_permitted"],
  [400, '{"error":"unauthorized_client"}', "not_permitted"],
  [200, "no JSON", "damaged"],
] as const;
test.each(troubles)(
  "trouble with new tokens (%i %s) is %s, and no reason to consent anew",
  async (status, body, code) => {
    const { ann, id, accountId } = await system.connected();
    system.google.oauth.forgetAccess();
    system.google.oauth.state.fail = { status, body };
    expect((await syncNow(ann, id)).sync.problem).toMatchObject({ code });
    const row = await system.db.prisma.calendarAccount.findUnique({ where: { id: accountId } });
    expect(row?.needsConsentSince).toBeNull();
  },
);

test("B-88 with its last calendar an account goes, and its consent is taken back at Google", async () => {
  const { ann, id, add } = await system.connected([meeting("a", 1)]);
  const team = await add("team");
  const before = system.google.oauth.state.revoked.length;
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  expect(await accounts(ann.userId)).toMatchObject([{ closedAt: null }]);
  await ann.json(`/api/calendars/${team}`, { method: "DELETE" });
  await expect.poll(() => accounts(ann.userId)).toEqual([]);
  expect(system.google.oauth.state.revoked).toHaveLength(before + 1);
  expect(await system.db.prisma.calendarEvent.count({ where: { ownerId: ann.userId } })).toBe(0);
});

test("while Google cannot be reached, the person is rid of the account all the same, and it is revoked later", async () => {
  const { ann, id } = await system.connected();
  const before = system.google.oauth.state.revoked.length;
  system.google.oauth.state.fail = { status: 503, body: "" };
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  const row = () =>
    system.db.prisma.outbox.findFirst({ where: { kind: "calendar.account-closed" }, orderBy: { id: "desc" } });
  await expect.poll(async () => (await row())?.attempts).toBeGreaterThan(0);
  expect(await accounts(ann.userId)).toMatchObject([{ accessToken: null }]);
  system.google.oauth.state.fail = null;
  await expect.poll(() => accounts(ann.userId), { timeout: 15_000 }).toEqual([]);
  expect(system.google.oauth.state.revoked).toHaveLength(before + 1);
});

test("what Google revoked already is no hindrance", async () => {
  const { ann, id } = await system.connected();
  system.google.oauth.withdraw(ann.email);
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  await expect.poll(() => accounts(ann.userId)).toEqual([]);
});

test("a consent that another person here has by the same account is not taken back with the first", async () => {
  const { ann, id, account } = await system.connected();
  const ben = await system.web.signUp();
  system.google.oauth.state.person = account;
  expect(await system.consentAs(ben)).toHaveProperty("accountId");
  const before = system.google.oauth.state.revoked.length;
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  await expect.poll(() => accounts(ann.userId)).toEqual([]);
  expect(system.google.oauth.state.revoked).toHaveLength(before);
});

test("an account of which no calendar is chosen goes after a day, one that cannot be revoked after a week", async () => {
  const { ann } = await system.connected();
  const ben = await system.web.signUp();
  system.google.addPerson(ben.email);
  await system.consentAs(ben);
  const { prisma } = system.db;
  await prisma.calendarAccount.updateMany({ data: { createdAt: inHours(-25) } });
  const cy = await system.web.signUp();
  const { sub, email } = system.google.addPerson(cy.email);
  const old = { subject: sub, email, createdAt: inHours(-25), refreshToken: "sealed:x", provider: "google" };
  await prisma.calendarAccount.create({ data: { id: randomUUID(), ownerId: cy.userId, ...old } });
  await system.consentAs(cy);
  await closeIdleAccounts(prisma, { idleSince: inHours(-24), closedBefore: inHours(-7 * 24) });
  await expect.poll(() => accounts(ben.userId)).toEqual([]);
  // Who consented anew just now is still choosing.
  expect(await accounts(cy.userId)).toMatchObject([{ closedAt: null }]);
  expect(await accounts(ann.userId)).toMatchObject([{ closedAt: null }]);
  await prisma.calendarAccount.updateMany({ where: { ownerId: ann.userId }, data: { closedAt: inHours(-8 * 24) } });
  await closeIdleAccounts(prisma, { idleSince: inHours(-24), closedBefore: inHours(-7 * 24) });
  expect(await accounts(ann.userId)).toEqual([]);
});

test("what could not be revoked for a day is tried again the next", async () => {
  const { ann, id, accountId } = await system.connected();
  const { prisma } = system.db;
  system.google.oauth.state.fail = { status: 503, body: "" };
  await ann.json(`/api/calendars/${id}`, { method: "DELETE" });
  const rows = () => prisma.outbox.findMany({ where: { partitionKey: accountId, kind: "calendar.account-closed" } });
  await expect.poll(async () => (await rows())[0]?.attempts).toBeGreaterThan(0);
  await prisma.outbox.updateMany({ where: { partitionKey: accountId }, data: { state: "dead", doneAt: new Date() } });
  await prisma.calendarAccount.update({ where: { id: accountId }, data: { closedAt: inHours(-25) } });
  system.google.oauth.state.fail = null;
  const upkeep = { idleSince: inHours(-24), closedBefore: inHours(-7 * 24) };
  await closeIdleAccounts(prisma, upkeep);
  await closeIdleAccounts(prisma, upkeep);
  expect(await rows()).toHaveLength(2);
  await expect.poll(() => accounts(ann.userId)).toEqual([]);
});

test("programs are told where a person consents", async () => {
  const ann = await system.web.signUp();
  const answer = await fetch(`${system.web.url}/api/calendars`, {
    method: "POST",
    headers: { ...ann.headers, "content-type": "application/json" },
    body: JSON.stringify({ kind: "google" }),
  });
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({
    code: "consent_required",
    detail: expect.stringContaining(`${system.web.url}/calendar/connect/google`) as string,
  });
});

test("with the person's own account the consent is taken back at Google before the row goes", async () => {
  const { ann, accountId } = await system.connected([meeting("a", 1)]);
  const { prisma } = system.db;
  const before = system.google.oauth.state.revoked.length;
  system.google.oauth.state.fail = { status: 503, body: "" };
  await ann.json("/api/account", { method: "DELETE", body: { password: ann.password } });
  const row = () => prisma.outbox.findFirst({ where: { kind: "calendar.account-closed", partitionKey: accountId } });
  await expect.poll(async () => (await row())?.attempts).toBeGreaterThan(0);
  expect(await prisma.calendar.count({ where: { ownerId: ann.userId } })).toBe(0);
  expect(await prisma.user.count({ where: { id: ann.userId } })).toBe(1);
  system.google.oauth.state.fail = null;
  await expect.poll(() => prisma.user.count({ where: { id: ann.userId } })).toBe(0);
  expect(system.google.oauth.state.revoked).toHaveLength(before + 1);
});
