import { pino } from "pino";
import { expect, test } from "vitest";
import { createApiKey } from "#records/accounts/api-keys.ts";
import { passwordLinkOf } from "#records/accounts/password-resets.ts";
import { startSmtp } from "#tests/fakes/smtp.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { createMails } from "#worker/mail.ts";
import { startWeb } from "../server.ts";
import type { TestWeb } from "../server.ts";

const password = "another long password";

const send = (web: TestWeb, path: string, fields: Record<string, string>) =>
  fetch(`${web.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: web.url },
    body: new URLSearchParams(fields),
  });

/** A server that mails, with an account from before it did, and the worker's part by hand. */
async function startForgetting(db: TestDatabase) {
  const smtp = await startSmtp();
  const before = await startWeb(db);
  const ada = await before.signUp("ada@example.com");
  await before[Symbol.asyncDispose]();
  const web = await startWeb(db, {
    settings: { SMTP_URL: smtp.url, NODE_ENV: "production", SIGN_UP_PER_HOUR: "1000" },
  });
  const log = pino({ level: "silent" });
  const mails = createMails({ prisma: db.prisma, log, smtpUrl: smtp.url, from: "c@example.com", publicUrl: web.url });
  return {
    web,
    smtp,
    ada,
    ask: (email: string) => send(web, "/forgot-password", { email }),
    choose: (token: string, fields: Record<string, string> = {}) =>
      send(web, `/reset-password/${token}`, { password, ...fields }),
    signIn: async (guess: string) =>
      (await send(web, "/sign-in", { email: "ada@example.com", password: guess })).status,
    /** Sends what waits in the outbox; gives the token of the last letter. */
    async deliver() {
      const rows = await db.prisma.outbox.findMany({
        where: { kind: "mail.password", state: "new" },
        orderBy: { id: "asc" },
      });
      for (const { id, payload } of rows) {
        await mails.sendPasswordLink((payload as { userId: string }).userId);
        await db.prisma.outbox.update({ where: { id }, data: { state: "done" } });
      }
      return /\/reset-password\/([\w-]+)/.exec(smtp.letters.at(-1)?.text ?? "")?.[1] ?? "";
    },
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await smtp[Symbol.asyncDispose]();
    },
  };
}

test("who has forgotten their password chooses another by the mail's link, once, and all that the old one opened ends", async () => {
  await using db = await testDatabase();
  await using door = await startForgetting(db);
  const { web, ada } = door;
  const { key } = await createApiKey(db.prisma, { userId: ada.userId, name: "mine", expiresAt: null });
  const sessions = () => db.prisma.session.count({ where: { userId: ada.userId } });
  expect(await sessions()).toBeGreaterThan(0);
  expect((await door.ask("Ada@Example.com")).status).toBe(200);
  const token = await door.deliver();
  expect(door.smtp.letters.map(({ to }) => to)).toEqual(["ada@example.com"]);
  expect(JSON.stringify(await db.prisma.verification.findMany())).not.toContain(token);

  expect((await fetch(`${web.url}/reset-password/${token}`)).status).toBe(200);
  expect((await door.choose(token, { password: "short" })).status).toBe(400);
  expect((await door.choose(token, { password: "password123" })).status).toBe(422);
  const chosen = await door.choose(token, { revokeKeys: "yes" });
  expect([chosen.status, chosen.headers.get("location")]).toEqual([302, "/sign-in?changed"]);
  expect(await sessions()).toBe(0);
  const byKey = await fetch(`${web.url}/api/recordings`, { headers: { authorization: `Bearer ${key}` } });
  expect(byKey.status).toBe(401);
  expect([await door.signIn(ada.password), await door.signIn(password)]).toEqual([401, 302]);

  expect((await fetch(`${web.url}/reset-password/${token}`)).status).toBe(404);
  expect((await door.choose(token, { password: "a third long password" })).status).toBe(404);
  expect(await door.signIn(password)).toBe(302);
});

test("an address without an account is answered alike, and gets no mail; one address gets five in an hour", async () => {
  await using db = await testDatabase();
  await using door = await startForgetting(db);
  const told = async (email: string) => {
    const answer = await door.ask(email);
    return [answer.status, (await answer.text()).includes("If ")];
  };
  expect(await told("nobody@example.com")).toEqual(await told("ada@example.com"));
  await door.deliver();
  expect(door.smtp.letters.map(({ to }) => to)).toEqual(["ada@example.com"]);
  for (let more = 0; more < 6; more += 1) expect(await told("ada@example.com")).toEqual([200, true]);
  await door.deliver();
  expect(door.smtp.letters.length).toBe(5);
});

test("a later mail ends the link of the one before, and an hour ends any", async () => {
  await using db = await testDatabase();
  await using door = await startForgetting(db);
  await door.ask("ada@example.com");
  const first = await door.deliver();
  await door.ask("ada@example.com");
  const second = await door.deliver();
  expect(second).not.toBe(first);
  expect((await door.choose(first)).status).toBe(404);
  await db.prisma.verification.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  expect((await door.choose(second)).status).toBe(404);
  expect(await door.signIn(door.ada.password)).toBe(302);
});

test("a server that does not mail says so, and an operator hands the link on", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  await web.signUp("ada@example.com");
  const signIn = await (await fetch(`${web.url}/sign-in`)).text();
  expect(signIn).not.toContain("/forgot-password");
  expect(signIn).toContain("Whoever runs this server can hand you a link");
  const page = await fetch(`${web.url}/forgot-password`);
  expect([page.status, (await page.text()).includes("sends no mail")]).toEqual([404, true]);
  expect((await send(web, "/forgot-password", { email: "ada@example.com" })).status).toBe(404);

  expect(await passwordLinkOf(db.prisma, "bob@example.com")).toBeNull();
  const { token } = (await passwordLinkOf(db.prisma, "Ada@Example.com"))!;
  const choose = async () => (await send(web, `/reset-password/${token}`, { password })).status;
  expect([await choose(), await choose()]).toEqual([302, 404]);
  expect(await (await fetch(`${web.url}/reset-password/${token}`)).text()).toContain("Ask whoever runs this server");
  expect((await send(web, "/sign-in", { email: "ada@example.com", password })).status).toBe(302);
});
