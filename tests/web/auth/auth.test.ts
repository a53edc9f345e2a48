import { createHmac, hkdfSync, randomBytes } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { expect, test } from "vitest";
import { parseWebEnv } from "#web/env.ts";
import { subscriberOf } from "#web/auth/sign-in-limits.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { post } from "../requests.ts";
import { cookieOf, startWeb } from "../server.ts";

const nobody = { headers: { cookie: "", origin: "" } };

test("the first account becomes administrator, the second does not; each has a workspace of its own", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const first = await web.signUp();
  const second = await web.signUp();
  const users = await db.prisma.user.findMany({ select: { id: true, role: true, personal: { select: { id: true } } } });
  const byId = new Map(users.map((user) => [user.id, user]));
  expect(byId.get(first.userId)).toMatchObject({ role: "admin", personal: { id: first.workspaceId } });
  expect(byId.get(second.userId)).toMatchObject({ role: "user", personal: { id: second.workspaceId } });
});

test("of several first accounts made at once exactly one becomes administrator", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  await Promise.all(Array.from({ length: 5 }, () => web.signUp()));
  expect(await db.prisma.user.count({ where: { role: "admin" } })).toBe(1);
  expect(await db.prisma.workspace.count()).toBe(5);
});

test("the administrator named by the settings is made once and can sign in; sign-up can be closed", async () => {
  await using db = await testDatabase();
  const settings = {
    CONVENE_ADMIN_EMAIL: "Admin@Example.com",
    CONVENE_ADMIN_PASSWORD: "a long password",
    SIGN_UP: "closed",
  };
  await (await startWeb(db, { settings })).stop();
  await using web = await startWeb(db, { settings });
  const origin = { headers: { cookie: "", origin: web.url } };
  const credentials = { email: "admin@example.com", password: "a long password" };
  const signIn = await post(web, origin, "/api/auth/sign-in/email", { json: credentials });
  expect(signIn.status).toBe(200);
  expect(await db.prisma.user.findMany({ select: { email: true, role: true } })).toEqual([
    { email: "admin@example.com", role: "admin" },
  ]);
  const newcomer = { email: "new@example.com", password: "another password", name: "New" };
  const refused = await post(web, origin, "/api/auth/sign-up/email", { json: newcomer });
  expect([refused.status, refused.body.code]).toEqual([403, "sign_up_closed"]);

  const cookie = cookieOf(signIn);
  const admin = { headers: { cookie, origin: web.url } };
  const workspaces = await fetch(`${web.url}/api/workspaces`, { headers: admin.headers });
  const { items } = (await workspaces.json()) as { items: [{ id: string }] };
  const link = await post(web, admin, `/api/workspaces/${items[0].id}/members`, { json: {} });
  const { url } = link.body["invite"] as { url: string };
  const headers = { "x-convene-invite": url.split("/").at(-1) ?? "" };
  expect((await post(web, origin, "/api/auth/sign-up/email", { json: newcomer, headers })).status).toBe(200);
});

test("an account can be neither made administrator nor marked verified by its own sign-up", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  await web.signUp();
  const json = { email: "x@example.com", password: "long enough", name: "x", role: "admin", emailVerified: true };
  await post(web, { headers: { cookie: "", origin: web.url } }, "/api/auth/sign-up/email", { json });
  const row = await db.prisma.user.findUnique({ where: { email: "x@example.com" } });
  expect([row?.role ?? "user", row?.emailVerified ?? false]).toEqual(["user", false]);
});

test("a taken address is refused at sign-up like any other form, and spends the limit of its sender", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { SIGN_UP_PER_HOUR: "2" } });
  await web.signUp("ada@example.com");
  const nobody = { headers: { cookie: "", origin: web.url } };
  const join = (email: string, password: string) =>
    post(web, nobody, "/api/auth/sign-up/email", { json: { email, password, name: "x" } });
  const taken = await join("Ada@example.com", "another horse battery");
  expect([taken.status, taken.body.code]).toEqual([422, "sign_up_refused"]);
  expect(taken.body["detail"]).not.toMatch(/exists|taken/);
  expect((await join("new@example.com", "password1")).status).toBe(422);
  expect((await join("new@example.com", "another horse battery")).status).toBe(429);
});

test("of two sign-ups with one address at the same moment one is refused, and none fails", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const nobody = { headers: { cookie: "", origin: web.url } };
  const json = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };
  const answers = await Promise.all([1, 2, 3].map(() => post(web, nobody, "/api/auth/sign-up/email", { json })));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422, 422]);
});

test("after ten failed sign-ins an account is shut to guessing, also by its right password, over a restart", async () => {
  await using db = await testDatabase();
  const settings = { SIGN_IN_BURST: "10", SIGN_IN_PER_MINUTE: "1" };
  const guess = async (url: string, email: string, password: string) => {
    const answer = await post({ url }, { headers: { cookie: "", origin: url } }, "/api/auth/sign-in/email", {
      json: { email, password },
    });
    return answer;
  };
  const email = "victim@example.com";
  {
    await using web = await startWeb(db, { settings });
    await web.signUp(email, "the right password");
    // A success gives its turn back.
    for (let turn = 0; turn < 15; turn++) {
      expect((await guess(web.url, email, "the right password")).status).toBe(200);
    }
    const answers = [];
    for (let turn = 0; turn < 30; turn++) answers.push((await guess(web.url, email, `wrong ${turn}`)).status);
    expect(answers.filter((status) => status === 401).length).toBe(10);
    expect(answers.filter((status) => status === 429).length).toBe(20);
  }
  await using web = await startWeb(db, { settings });
  const refused = await guess(web.url, email, "the right password");
  expect([refused.status, refused.body.code]).toEqual([429, "too_many_requests"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  // The address is spent too, whichever account it tries.
  expect((await guess(web.url, "other@example.com", "x")).status).toBe(429);
});

test("an IPv6 subscriber counts as one, whatever the last 64 bits", () => {
  expect(subscriberOf("2001:db8:1:2:aaaa::1")).toBe(subscriberOf("2001:db8:1:2:ffff:1:2:3"));
  expect(subscriberOf("2001:db8:1:3::1")).not.toBe(subscriberOf("2001:db8:1:2::1"));
  expect(subscriberOf("::ffff:10.0.0.1")).toBe("10.0.0.1");
  expect(subscriberOf("::1")).toBe("0:0:0:0::/64");
});

test("a changed password ends every other session at once", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp("p@example.com", "the first password");
  const signIn = await fetch(`${web.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: web.url },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  const other = cookieOf(signIn);
  const json = { currentPassword: person.password, newPassword: "the second password" };
  const changed = await post(web, person, "/api/auth/change-password", { json });
  expect(changed.status).toBe(200);
  expect((await fetch(`${web.url}/api/keys`, { headers: { cookie: other } })).status).toBe(401);
  expect((await fetch(`${web.url}/api/keys`, { headers: { cookie: person.cookie } })).status).toBe(401);
  const renewed = cookieOf(changed);
  expect((await fetch(`${web.url}/api/keys`, { headers: { cookie: renewed } })).status).toBe(200);
});

test("C-47 an API key opens every route and the token's, until it is revoked; it cannot make other keys", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const key = await person.apiKey();
  const headers = { authorization: `Bearer ${key}` };
  const status = async (path: string) => (await fetch(`${web.url}${path}`, { headers })).status;
  expect([await status("/api/recordings"), await status("/api/auth/token"), await status("/api/runs")]).toEqual([
    200, 200, 200,
  ]);
  expect((await post(web, { headers: { ...headers, cookie: "", origin: "" } }, "/api/keys", { json: {} })).status).toBe(
    403,
  );
  const { token } = (await (await fetch(`${web.url}/api/auth/token`, { headers })).json()) as { token: string };
  expect(await web.deps.auth.verifyLiveToken(token)).toMatchObject({
    userId: person.userId,
    credential: { via: "key" },
  });

  const { items } = await person.json<{ items: { id: string }[] }>("/api/keys");
  expect(JSON.stringify(items)).not.toContain(key);
  await person.json(`/api/keys/${items[0]?.id}`, { method: "DELETE" });
  expect(await status("/api/recordings")).toBe(401);
  expect(await status("/api/auth/token")).toBe(401);
  expect(await web.deps.auth.verifyLiveToken(token)).toBe(null);
  // A key that does not work is not made good by a cookie beside it.
  const both = await fetch(`${web.url}/api/recordings`, { headers: { ...headers, cookie: person.cookie } });
  expect(both.status).toBe(401);
});

test("only tokens of our own making, for the live feed, in their time are taken (30 forgeries)", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { verifyLiveToken } = web.deps.auth;
  expect(await verifyLiveToken(person.token)).toMatchObject({ userId: person.userId, credential: { via: "session" } });
  const [header = "", payload = "", signature = ""] = person.token.split(".");
  const decode = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = decode(payload);
  // Signed with the server's own key, so that each claim has to be checked for itself.
  const ownKey = Buffer.from(hkdfSync("sha256", web.env.CONVENE_SECRET, "", "convene live token", 32));
  const resigned = (change: object, headerChange: object = {}, key: Buffer | string = ownKey) => {
    const signed = `${encode({ ...decode(header), ...headerChange })}.${encode({ ...claims, ...change })}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  };
  expect(await verifyLiveToken(resigned({}))).toMatchObject({ userId: person.userId });
  const now = Math.floor(Date.now() / 1000);
  const forgeries = [
    "",
    "x",
    "..",
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature.slice(0, -2)}`,
    `${header}.${payload}.${signature}.${signature}`,
    `${header}.${encode({ ...claims, sub: "0190a5d0-0000-7000-8000-000000000000" })}.${signature}`,
    `${header}.${encode({ ...claims, exp: now + 9_999 })}.${signature}`,
    `${encode({ alg: "none", typ: "live+jwt" })}.${payload}.`,
    `${encode({ alg: "None", typ: "live+jwt" })}.${payload}.${signature}`,
    `${encode({ alg: "RS256", typ: "live+jwt" })}.${payload}.${signature}`,
    `${encode({ alg: "HS384", typ: "live+jwt" })}.${payload}.${signature}`,
    `${encode({ alg: "HS256", typ: "live+jwt", kid: "../../dev/null" })}.${payload}.${createHmac("sha256", "").update(payload).digest("base64url")}`,
    `${encode({ alg: "HS256", typ: "live+jwt", jku: "http://127.0.0.1/keys" })}.${payload}.${signature}`,
    new UnsecuredJWT(claims).encode(),
    resigned({}, {}, web.env.CONVENE_SECRET),
    resigned({}, {}, ""),
    resigned({}, {}, "secret"),
    resigned({}, { typ: "JWT" }),
    resigned({ aud: "convene" }),
    resigned({ iss: "other" }),
    resigned({ exp: now - 10 }),
    resigned({ exp: undefined }),
    resigned({ nbf: now + 999 }),
    resigned({ via: "admin" }),
    resigned({ sub: "0190a5d0-0000-7000-8000-000000000000" }),
    resigned({ sid: "0190a5d0-0000-7000-8000-000000000000" }),
    person.cookie.split("=")[1] ?? "",
    await person.apiKey(),
    await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(randomBytes(32)),
    `${header}.${payload}.${signature}\n${header}`,
  ];
  expect(forgeries.length).toBeGreaterThanOrEqual(30);
  for (const forgery of forgeries) expect([forgery, await verifyLiveToken(forgery)]).toEqual([forgery, null]);
});

test("a token ends with its session, long before its five minutes are over", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const grant = await web.deps.auth.verifyLiveToken(person.token);
  expect(await web.deps.auth.credentialsStillValid(grant === null ? [] : [grant])).toEqual([true]);
  await post(web, person, "/api/auth/sign-out", { json: {} });
  expect(await web.deps.auth.verifyLiveToken(person.token)).toBe(null);
  expect(await web.deps.auth.credentialsStillValid(grant === null ? [] : [grant])).toEqual([false]);
  expect((await fetch(`${web.url}/api/auth/token`, { headers: nobody.headers })).status).toBe(401);
});

test("C-64 cookies are bound to the host where the address is https, and plain where it cannot be", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { PUBLIC_URL: "https://convene.example" } });
  const response = await fetch(`${web.url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: "https://convene.example" },
    body: JSON.stringify({ email: "a@example.com", password: "long enough", name: "A" }),
  });
  const [cookie = ""] = response.headers.getSetCookie();
  expect(cookie).toMatch(/^__Host-convene\.session_token=/);
  expect(cookie).toMatch(/; Path=\/;?/);
  for (const part of ["HttpOnly", "Secure", "SameSite=Lax"]) expect(cookie).toContain(part);
  expect(cookie).not.toContain("Domain");
  expect((await fetch(`${web.url}/api/keys`, { headers: { cookie: cookieOf(response) } })).status).toBe(200);

  await using plain = await startWeb(db);
  expect((await plain.signUp()).cookie).toMatch(/^convene\.session_token=/);
});

test("a bad start names every wrong setting at once and no value", () => {
  const wrong = { PORT: "abc", CONVENE_SECRET: "hunter2", SIGN_UP: "maybe", CONVENE_ADMIN_EMAIL: "a@b.ch" };
  let said = "";
  try {
    parseWebEnv(wrong);
  } catch (error) {
    said = String(error);
  }
  for (const name of ["PORT", "CONVENE_SECRET", "SIGN_UP", "DATABASE_URL", "CONVENE_ADMIN_PASSWORD"]) {
    expect(said).toContain(name);
  }
  expect(said).not.toContain("hunter2");
});
