import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { expect, test } from "vitest";
import { startSmtp } from "#tests/fakes/smtp.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { createMails } from "#worker/mail.ts";
import { joinWorkspace } from "./join-workspace.ts";
import { post } from "./requests.ts";
import { startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";

interface Invite {
  id: string;
  url: string | null;
  mailedTo: string | null;
  expiresAt: string;
}

async function invite(web: TestWeb, inviter: TestPerson, json: object) {
  const answer = await post(web, inviter, `/api/workspaces/${inviter.workspaceId}/members`, { json });
  return { status: answer.status, code: answer.body.code, ...(answer.body["invite"] as Invite | undefined) };
}

/** A server that mails, and two people whose accounts are from before it did. */
async function startMailing(db: TestDatabase, { refuse = 0, settings = {} } = {}) {
  const smtp = await startSmtp({ refuse });
  const secret = { CONVENE_SECRET: randomBytes(32).toString("hex") };
  const before = await startWeb(db, { settings: secret });
  const [ada, bob] = [await before.signUp(), await before.signUp("bob@example.com")];
  await before[Symbol.asyncDispose]();
  const web = await startWeb(db, { settings: { ...secret, ...settings, SMTP_URL: smtp.url } });
  const here = (person: TestPerson) => ({ ...person, headers: { ...person.headers, origin: web.url } });
  return {
    smtp,
    web,
    ada: here(ada),
    bob: here(bob),
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]();
      await smtp[Symbol.asyncDispose]();
    },
  };
}

const mailsOf = (db: TestDatabase, smtpUrl: string | undefined) =>
  createMails({
    prisma: db.prisma,
    log: pino({ level: "silent" }),
    smtpUrl,
    from: "Convene <convene@example.com>",
    publicUrl: "https://convene.example",
  });

test("an address with an account and one without get the same answer, and nobody is a member unasked", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, bob] = [await web.signUp(), await web.signUp("bob@example.com")];
  const answers = [
    await invite(web, ada, { email: "Bob@example.com", role: "viewer" }),
    await invite(web, ada, { email: "nobody@example.com", role: "viewer" }),
  ];
  for (const answer of answers) {
    const url = expect.stringContaining(`${web.url}/invite/`);
    expect(answer).toMatchObject({ status: 201, url, mailedTo: null });
  }
  const membership = { workspaceId: ada.workspaceId, userId: bob.userId };
  expect(await db.prisma.membership.count({ where: membership })).toBe(0);
  await bob.json(`/api/invites/${answers[0]?.url?.split("/").at(-1)}/accept`, { method: "POST" });
  expect(await db.prisma.membership.findFirst({ where: membership })).toMatchObject({ role: "viewer" });
});

test("a role can be changed for members only: that is no way to add somebody either", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { NODE_ENV: "production" } });
  const [ada, bob] = [await web.signUp(), await web.signUp()];
  const setRole = (userId: string) =>
    fetch(`${web.url}/workspaces/${ada.workspaceId}`, {
      method: "POST",
      headers: ada.headers,
      body: new URLSearchParams({ intent: "role", userId, role: "admin" }),
    });
  expect((await setRole(bob.userId)).status).toBe(404);
  expect(await db.prisma.membership.count({ where: { workspaceId: ada.workspaceId } })).toBe(1);
  await joinWorkspace({ inviter: ada, workspaceId: ada.workspaceId }, bob);
  expect((await setRole(bob.userId)).status).toBe(200);
  const where = { workspaceId: ada.workspaceId, userId: bob.userId };
  expect(await db.prisma.membership.findFirst({ where })).toMatchObject({ role: "admin" });
});

test("where mail is set up only the mail has the link; a second try of it counts, the first no longer", async () => {
  await using db = await testDatabase();
  await using at = await startMailing(db);
  const { smtp, web, ada, bob } = at;
  const made = await invite(web, ada, { email: bob.email });
  expect(made).toMatchObject({ status: 201, url: null, mailedTo: bob.email });
  const row = await db.prisma.outbox.findFirstOrThrow({ where: { kind: "mail.invite" } });
  expect(row.payload).toEqual({ inviteId: made.id });

  const { sendInvite } = mailsOf(db, smtp.url);
  await sendInvite(made.id ?? "");
  await sendInvite(made.id ?? "");
  expect(smtp.letters.map(({ to }) => to)).toEqual([bob.email, bob.email]);
  const tokens = smtp.letters.map(({ text }) => /https:\/\/convene\.example\/invite\/([\w-]{32})\n/.exec(text)?.[1]);
  const accept = (token = "") => post(web, bob, `/api/invites/${token}/accept`, {});
  expect((await accept(tokens[0])).status).toBe(404);
  expect((await accept(tokens[1])).status).toBe(200);
  // It is used: nothing more is sent for it.
  await sendInvite(made.id ?? "");
  expect(smtp.letters.length).toBe(2);

  const unaddressed = await invite(web, ada, {});
  expect(unaddressed).toMatchObject({ status: 201, url: expect.stringContaining("/invite/"), mailedTo: null });
});

test("an invite that cannot be mailed fails where operators see it, and is not taken for sent", async () => {
  await using db = await testDatabase();
  await using at = await startMailing(db, { refuse: 1 });
  const { smtp, web, ada } = at;
  const { id = "" } = await invite(web, ada, { email: "bob@example.com" });
  await expect(mailsOf(db, undefined).sendInvite(id)).rejects.toThrow("SMTP_URL");
  await expect(mailsOf(db, smtp.url).sendInvite(id)).rejects.toThrow("451");
  await mailsOf(db, smtp.url).sendInvite(id);
  expect(smtp.letters.length).toBe(1);
});

test("one person's mails are held to a rate, and names in them are inert", async () => {
  await using db = await testDatabase();
  await using at = await startMailing(db, { settings: { INVITE_MAILS_PER_HOUR: "2" } });
  const { smtp, web, ada, bob } = at;
  await db.prisma.workspace.update({ where: { id: ada.workspaceId }, data: { name: "<a href=x>[win](" } });
  const statuses = [];
  for (let turn = 0; turn < 3; turn++) statuses.push((await invite(web, ada, { email: "x@example.com" })).status);
  expect(statuses).toEqual([201, 201, 429]);
  expect((await invite(web, ada, {})).status).toBe(201);
  const { id = "" } = await invite(web, bob, { email: "x@example.com" });
  await mailsOf(db, smtp.url).sendInvite(id);
  const first = await db.prisma.invite.findFirstOrThrow({
    where: { workspaceId: ada.workspaceId, NOT: { email: null } },
  });
  await mailsOf(db, smtp.url).sendInvite(first.id);
  expect(smtp.letters[1]?.text).toContain("“‹a href=x>[win] (”");
});
