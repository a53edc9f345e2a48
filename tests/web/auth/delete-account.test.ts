import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { carryOutDeletion } from "#records/accounts/carry-out-deletion.ts";
import { cookieOf, startWeb } from "../server.ts";
import type { TestPerson, TestWeb } from "../server.ts";
import { begin, send } from "../uploads/tus-requests.ts";

const right = "correct horse battery";

const drop = (web: TestWeb, headers: Record<string, string>, body: object = { password: right }) =>
  fetch(`${web.url}/api/account`, {
    method: "DELETE",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

const signIn = (web: TestWeb, { email }: TestPerson) =>
  fetch(`${web.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { origin: web.url, "content-type": "application/json" },
    body: JSON.stringify({ email, password: right }),
  });

const ask = (web: TestWeb, person: TestPerson, fields: Record<string, string>) =>
  fetch(`${web.url}/settings`, {
    method: "POST",
    redirect: "manual",
    headers: person.headers,
    body: new URLSearchParams({ intent: "deleteAccount", ...fields }),
  });

test("by API an account goes for its password, from a session or a key: nobody signs in to it, and its address is free in the end", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const admin = await web.signUp();
  const ann = await web.signUp();
  const ben = await web.signUp();
  const key = await ann.apiKey();
  expect(await codeOf(await drop(web, { origin: web.url }))).toEqual([401, "unauthenticated"]);
  expect(await codeOf(await drop(web, ann.headers, {}))).toEqual([400, "invalid_request"]);
  expect(await codeOf(await drop(web, ann.headers, { password: "wrong" }))).toEqual([403, "wrong_password"]);
  expect(await codeOf(await drop(web, { ...ann.headers, origin: "https://evil.example" }))).toEqual([
    403,
    "foreign_origin",
  ]);
  expect(await codeOf(await drop(web, admin.headers))).toEqual([409, "conflict"]);
  expect((await signIn(web, ann)).status).toBe(200);
  expect(await db.prisma.outbox.count({ where: { kind: "account.deleted" } })).toBe(0);

  expect((await drop(web, { authorization: `Bearer ${key}` })).status).toBe(202);
  expect((await drop(web, ben.headers)).status).toBe(202);
  for (const headers of [ann.headers, ben.headers, { authorization: `Bearer ${key}` }]) {
    expect((await fetch(`${web.url}/api/recordings`, { headers })).status).toBe(401);
  }
  expect((await signIn(web, ann)).status).toBe(401);
  expect(await db.prisma.outbox.count({ where: { kind: "account.deleted", state: "new" } })).toBe(2);
  while ((await carryOutDeletion(db.prisma, ann.userId)) !== "done");
  expect((await signIn(web, ann)).status).toBe(401);
  const again = await web.signUp(ann.email);
  expect(again.userId).not.toBe(ann.userId);
  expect((await signIn(web, again)).status).toBe(200);
});

test("guesses at the password are held to the rate of signing in, and spend it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { SIGN_IN_BURST: "3", SIGN_IN_PER_MINUTE: "1" } });
  await web.signUp();
  const ann = await web.signUp();
  const answers: number[] = [];
  for (let guess = 0; guess < 4; guess++) {
    answers.push((await drop(web, ann.headers, { password: "wrong" })).status);
  }
  expect(answers).toEqual([403, 403, 403, 429]);
  // Also the right one has to wait, here and at the sign-in.
  const late = await drop(web, ann.headers);
  expect(late.status).toBe(429);
  expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await signIn(web, ann)).status).toBe(429);
  expect(await db.prisma.user.count({ where: { deletingAt: { not: null } } })).toBe(0);
});

test("a right password gives the try back, where the account has to stay", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { SIGN_IN_BURST: "3", SIGN_IN_PER_MINUTE: "1" } });
  const admin = await web.signUp();
  await web.signUp();
  for (let round = 0; round < 5; round++) expect((await drop(web, admin.headers)).status).toBe(409);
});

test("the settings say what goes and who gets what stays, and lead out to a page that says it is done", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const admin = await web.signUp();
  const ann = await web.signUp();
  const make = (name: string) => ann.json<{ id: string }>("/api/workspaces", { method: "POST", body: { name } });
  const { id: workspaceId } = await make("Harbour <crew>");
  await make("Attic");
  await db.prisma.user.update({ where: { id: admin.userId }, data: { name: "Olga" } });
  await db.prisma.membership.create({ data: { workspaceId, userId: admin.userId, role: "member" } });
  const settings = async (person: TestPerson) =>
    (await (await fetch(`${web.url}/settings`, { headers: person.headers })).text()).replace(/<!-- -->/g, "");
  const shown = await settings(ann);
  expect(shown).toMatch(/go too, with all that they hold: <span><bdi[^>]*>Attic<\/bdi>/);
  expect(shown).toMatch(/<bdi[^>]*>Harbour &lt;crew&gt;<\/bdi>, which <bdi[^>]*>Olga<\/bdi> will own/);
  expect(shown).toContain("Delete my account…");
  const refused = await settings(admin);
  expect(refused).toContain("You are the only administrator of this server");
  expect(refused).not.toContain("Delete my account…");

  const wrong = await ask(web, ann, { currentPassword: "wrong" });
  expect([wrong.status, await wrong.text()]).toEqual([
    403,
    expect.stringContaining("This is not your present password."),
  ]);
  const empty = await ask(web, ann, { currentPassword: "" });
  expect([empty.status, await empty.text()]).toEqual([400, expect.stringContaining("Enter your present password.")]);
  expect((await ask(web, admin, { currentPassword: right })).status).toBe(409);
  expect(await db.prisma.user.count({ where: { deletingAt: { not: null } } })).toBe(0);

  const done = await ask(web, ann, { currentPassword: right });
  expect([done.status, done.headers.get("location")]).toEqual([302, "/sign-in?deleted"]);
  expect(cookieOf(done)).toMatch(/session_token=(;|$)/);
  const door = await fetch(`${web.url}/sign-in?deleted`);
  expect(await door.text()).toContain("Your account is deleted.");
  const back = await fetch(`${web.url}/settings`, { headers: ann.headers, redirect: "manual" });
  expect([back.status, back.headers.get("location")]).toEqual([302, "/sign-in?next=%2Fsettings"]);
});

test("bytes of an upload under way go before the account does", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  await web.signUp();
  const ann = await web.signUp();
  const begun = await begin(web, ann, 2_000);
  expect((await send(web, ann, begun.headers.get("location") ?? "", 0, randomBytes(1_000))).status).toBe(204);
  const kept = () => readdir(join(web.mediaDir, "uploads"));
  expect(await kept()).not.toEqual([]);
  expect((await drop(web, ann.headers)).status).toBe(202);
  const carryOut = async () => {
    for (;;) {
      const progress = await carryOutDeletion(db.prisma, ann.userId);
      if (progress !== "more") return progress;
    }
  };
  expect(await carryOut()).toBe("waits");
  // A web process tidies up as it starts, and every quarter of an hour.
  await using another = await startWeb(db, { mediaDir: web.mediaDir });
  await expect.poll(() => another.deps.prisma.upload.count()).toBe(0);
  expect(await kept()).toEqual([]);
  expect(await carryOut()).toBe("done");
});
