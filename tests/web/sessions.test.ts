import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { post } from "./requests.ts";
import { cookieOf, startWeb } from "./server.ts";

test("no answer tells a script the session's token; the cookie works on", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const nobody = { headers: { cookie: "", origin: web.url } };
  const json = { email: "ann@example.com", password: "correct horse battery", name: "Ann" };
  const signUp = await post(web, nobody, "/api/auth/sign-up/email", { json });
  const signIn = await post(web, nobody, "/api/auth/sign-in/email", { json });
  const person = { headers: { cookie: cookieOf(signIn), origin: web.url } };
  const get = (path: string) => fetch(`${web.url}/api/auth${path}`, { headers: person.headers });
  const session = await (await get("/get-session")).json();
  const list = await (await get("/list-sessions")).json();
  const change = await post(web, person, "/api/auth/change-password", {
    json: { currentPassword: json.password, newPassword: "another horse battery" },
  });
  const changed = { cookie: cookieOf(change), origin: web.url };
  const rename = await post(web, { headers: changed }, "/api/auth/update-user", { json: { name: "Anne" } });
  const answers = [signUp, signIn, change, rename];

  expect(session).toMatchObject({ user: { email: json.email }, session: { id: expect.any(String) } });
  expect(list).toHaveLength(2);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const told = JSON.stringify([session, list, answers.map(({ body }) => body)]);
  expect(told).not.toContain('"token"');
  const kept = await db.prisma.session.findMany({ select: { token: true } });
  for (const { token } of kept) expect(told).not.toContain(token);
  expect((await fetch(`${web.url}/api/recordings`, { headers: changed })).status).toBe(200);
});

test("a session is ended by its id, by its own person only", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ann, bob] = [await web.signUp(), await web.signUp()];
  const { email, password } = ann;
  const elsewhere = await post(web, { headers: { cookie: "", origin: web.url } }, "/api/auth/sign-in/email", {
    json: { email, password },
  });
  const other = { cookie: cookieOf(elsewhere), origin: web.url };
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${web.url}/api/recordings`, { headers })).status;
  const idOf = async (headers: Record<string, string>) => {
    const answer = await fetch(`${web.url}/api/auth/get-session`, { headers });
    return ((await answer.json()) as { session: { id: string } }).session.id;
  };
  const revoke = async (headers: { cookie: string; origin: string; authorization?: string }, json: unknown) =>
    (await post(web, { headers }, "/api/auth/revoke-session", { json })).status;
  const noone = { cookie: "", origin: web.url };
  const id = await idOf(other);

  expect(await revoke(bob.headers, { id })).toBe(404);
  expect(await revoke(noone, { id })).toBe(401);
  expect(await revoke({ ...noone, authorization: `Bearer ${await ann.apiKey()}` }, { id })).toBe(401);
  expect([
    await revoke(ann.headers, {}),
    await revoke(ann.headers, { id: 7 }),
    await revoke(ann.headers, null),
  ]).toEqual([400, 400, 400]);
  expect(await status(other)).toBe(200);
  expect(await revoke(ann.headers, { id })).toBe(200);
  expect([await status(other), await status(ann.headers)]).toEqual([401, 200]);
});
