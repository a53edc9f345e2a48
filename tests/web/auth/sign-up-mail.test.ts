import { pino } from "pino";
import { expect, test } from "vitest";
import { sweepLimits } from "#records/accounts/rate-limit.ts";
import { startSmtp } from "#tests/fakes/smtp.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { createMails } from "#worker/mail.ts";
import { post } from "../requests.ts";
import { startWeb } from "../server.ts";

const password = "correct horse battery";

/** A server that mails, with its first account made, and the worker's part by hand. */
async function startDoor(db: TestDatabase) {
  const smtp = await startSmtp();
  const web = await startWeb(db, { settings: { SMTP_URL: smtp.url, NODE_ENV: "production", SIGN_IN_BURST: "1000" } });
  const log = pino({ level: "silent" });
  const mails = createMails({ prisma: db.prisma, log, smtpUrl: smtp.url, from: "c@example.com", publicUrl: web.url });
  const nobody = { headers: { cookie: "", origin: web.url } };
  const signUp = (email: string, more: object = {}) =>
    post(web, nobody, "/api/auth/sign-up/email", { json: { email, password, name: "Ada", ...more } });
  expect((await signUp("first@example.com")).status).toBe(200);
  return {
    web,
    smtp,
    signUp,
    signIn: async (email: string, token?: string, guess = password) => {
      const headers: Record<string, string> = token === undefined ? {} : { "x-convene-opening": token };
      const answer = await post(web, nobody, "/api/auth/sign-in/email", { json: { email, password: guess }, headers });
      return [answer.status, answer.body.code];
    },
    /** Sends what waits in the outbox; gives the token of the last letter, if it has one. */
    async deliver() {
      const rows = await db.prisma.outbox.findMany({
        where: { kind: "mail.sign-up", state: "new" },
        orderBy: { id: "asc" },
      });
      for (const { id, payload } of rows) {
        await mails.sendSignUp((payload as { userId: string }).userId);
        await db.prisma.outbox.update({ where: { id }, data: { state: "done" } });
      }
      return /\?open=([\w-]+)/.exec(smtp.letters.at(-1)?.text ?? "")?.[1];
    },
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await smtp[Symbol.asyncDispose]();
    },
  };
}

test("where the server mails, the first account opens at once and others by the mail's link and the password", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  expect(await door.signIn("first@example.com")).toEqual([200, undefined]);
  expect((await door.signUp("ada@example.com")).status).toBe(200);
  expect(await door.signIn("ada@example.com")).toEqual([403, "account_not_open"]);
  const token = await door.deliver();
  expect(door.smtp.letters.map(({ to }) => to)).toEqual(["ada@example.com"]);
  expect(await door.signIn("ada@example.com", "x".repeat(32))).toEqual([403, "account_not_open"]);
  expect((await door.signIn("ada@example.com", token, "wrong"))[0]).toBe(401);
  expect(await door.signIn("ada@example.com", token)).toEqual([200, undefined]);
  expect(await door.signIn("ada@example.com")).toEqual([200, undefined]);
  const ada = await db.prisma.user.findUniqueOrThrow({
    where: { email: "ada@example.com" },
    include: { personal: true },
  });
  expect(ada).toMatchObject({ pending: false, emailVerified: true, role: "user", personal: { name: "Personal" } });
});

test("a taken address and a free one get the same answer without a cookie, and each owner a mail", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const [taken, free] = [await door.signUp("First@example.com"), await door.signUp("free@example.com")];
  const told = ({ status, headers, body }: typeof taken) => ({ status, body, cookies: headers.getSetCookie() });
  expect(told(taken)).toEqual(told(free));
  expect(told(taken)).toMatchObject({ status: 200, body: { mailed: true }, cookies: [] });
  expect(await door.deliver()).toEqual(expect.any(String));
  expect(door.smtp.letters.map(({ to }) => to)).toEqual(["first@example.com", "free@example.com"]);
  expect(door.smtp.letters[0]?.text).toContain("It has one already.");
  expect(door.smtp.letters[0]?.text).not.toContain("open=");
  expect(await door.signIn("first@example.com")).toEqual([200, undefined]);
});

test("a stranger who signs up with another's address neither gets in nor keeps its owner from an account", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  await door.signUp("ada@example.com", { password: "the stranger's own" });
  const strangers = await door.deliver();
  await door.signUp("ada@example.com");
  const own = await door.deliver();
  expect(await door.signIn("ada@example.com", strangers)).toEqual([403, "account_not_open"]);
  expect((await door.signIn("ada@example.com", own, "the stranger's own"))[0]).toBe(401);
  expect(await door.signIn("ada@example.com", own)).toEqual([200, undefined]);
});

test("one address gets five mails an hour, unread forms none, and nobody is told the difference", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  expect((await door.signUp("ada@example.com", { password: "so few" })).status).toBe(400);
  expect((await door.signUp("ada@example.com", { password: "password1" })).status).toBe(422);
  const answers = [];
  for (let turn = 0; turn < 7; turn++) answers.push((await door.signUp("ada@example.com")).body);
  expect(new Set(answers.map((body) => JSON.stringify(body))).size).toBe(1);
  expect(await db.prisma.outbox.count({ where: { kind: "mail.sign-up" } })).toBe(5);
  expect(await door.signIn("ada@example.com", await door.deliver())).toEqual([200, undefined]);
});

test("an account that nobody opens is removed after two days, and one that was opened is not", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  await door.signUp("ada@example.com");
  await door.deliver();
  await sweepLimits(db.prisma);
  expect(await db.prisma.user.count()).toBe(2);
  await db.prisma.user.updateMany({ data: { createdAt: new Date(Date.now() - 49 * 3_600_000) } });
  await sweepLimits(db.prisma);
  expect(await db.prisma.user.findMany({ select: { email: true } })).toEqual([{ email: "first@example.com" }]);
});

test("the pages lead through it: look into your mail, then open your account", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const send = (path: string, fields: Record<string, string>) =>
    fetch(`${door.web.url}${path}`, {
      method: "POST",
      redirect: "manual",
      headers: { origin: door.web.url },
      body: new URLSearchParams(fields),
    });
  const form = { name: "Ada", email: "ada@example.com", password };
  expect(await (await send("/sign-up", form)).text()).toContain("Look into your mail");
  const token = await door.deliver();
  const path = `/sign-in?open=${token}`;
  expect(await (await fetch(`${door.web.url}${path}`)).text()).toContain("Open your account");
  expect((await send("/sign-in", form)).status).toBe(403);
  const opened = await send(path, form);
  expect([opened.status, opened.headers.get("location")]).toEqual([302, "/"]);
});

test("where the server ceases to mail, an account that waited opens by its password, and stays", async () => {
  await using db = await testDatabase();
  {
    await using door = await startDoor(db);
    await door.signUp("ada@example.com");
  }
  await using web = await startWeb(db);
  const nobody = { headers: { cookie: "", origin: web.url } };
  const json = { email: "ada@example.com", password };
  expect((await post(web, nobody, "/api/auth/sign-in/email", { json })).status).toBe(200);
  const ada = await db.prisma.user.findUniqueOrThrow({ where: { email: json.email }, include: { personal: true } });
  expect(ada).toMatchObject({ pending: false, emailVerified: false, personal: { name: "Personal" } });
});
