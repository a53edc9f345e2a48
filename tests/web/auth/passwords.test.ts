import { hashPassword } from "better-auth/crypto";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { post } from "../requests.ts";
import { startWeb } from "../server.ts";
import type { TestPerson, TestWeb } from "../server.ts";

const keyStatus = async (web: TestWeb, key: string) =>
  (await fetch(`${web.url}/api/keys`, { headers: { authorization: `Bearer ${key}` } })).status;

const change = (web: TestWeb, person: TestPerson, json: object) =>
  post(web, person, "/api/auth/change-password", {
    json: { currentPassword: person.password, newPassword: "another horse battery", ...json },
  });

test("a password from the lists of leaked ones is refused at sign-up, in any case, and makes no account", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  for (const password of ["password1", "PassWord123", "qwertyuiop"]) {
    const json = { email: "ada@example.com", name: "Ada", password };
    const nobody = { headers: { cookie: "", origin: web.url } };
    const refused = await post(web, nobody, "/api/auth/sign-up/email", { json });
    expect([refused.status, refused.body.code]).toEqual([422, "common_password"]);
    expect(refused.body["detail"]).toContain("Choose another");
  }
  expect(await db.prisma.user.count()).toBe(0);
});

test("the first administrator's password is refused where it is common, in words that name the setting", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const admin = { email: "admin@example.com", password: "Password1" };
  await expect(web.deps.auth.createFirstAdmin(admin)).rejects.toThrow("CONVENE_ADMIN_PASSWORD is refused.");
  expect(await db.prisma.user.count()).toBe(0);
});

test("who has a common password already signs in with it, and cannot change to another one", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const password = "password1";
  await db.prisma.account.updateMany({
    where: { userId: ada.userId },
    data: { password: await hashPassword(password) },
  });
  const json = { email: ada.email, password };
  expect((await post(web, ada, "/api/auth/sign-in/email", { json })).status).toBe(200);
  const refused = await change(web, { ...ada, password }, { newPassword: "password123" });
  expect([refused.status, refused.body.code]).toEqual([422, "common_password"]);
  expect((await post(web, ada, "/api/auth/sign-in/email", { json })).status).toBe(200);
});

test("a change of password takes the API keys along unless they are to stay; a refused one takes nothing", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, bob] = [await web.signUp(), await web.signUp()];
  const [adasKey, bobsKey] = [await ada.apiKey(), await bob.apiKey()];
  expect((await change(web, ada, { currentPassword: "a wrong password" })).status).toBe(400);
  expect((await change(web, ada, { keepApiKeys: "no" })).status).toBe(400);
  expect(await keyStatus(web, adasKey)).toBe(200);
  expect((await change(web, bob, { keepApiKeys: true })).status).toBe(200);
  expect((await change(web, ada, {})).status).toBe(200);
  expect([await keyStatus(web, adasKey), await keyStatus(web, bobsKey)]).toEqual([401, 200]);
  const audited = { actorId: ada.userId, action: "api_key.revoke" };
  expect(await db.prisma.auditEntry.count({ where: audited })).toBe(1);
});
