import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { isDatabaseDown } from "#records/database-down.ts";
import { routes } from "#web/api/routes.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { cuttableProxy } from "./cuttable-proxy.ts";
import { freePort } from "./free-port.ts";
import { post, upload } from "./requests.ts";
import { cookieOf, startWeb } from "./server.ts";

test("no request that another site's page can send changes anything (every route that writes)", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(10));
  const before = await db.prisma.auditEntry.count();
  const foreign: Record<string, string>[] = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `${web.url}.evil.example` },
    { origin: web.url.replace("http:", "https:") },
    { origin: "http://127.0.0.1:1" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  const paths = [
    ...routes
      .filter(({ method }) => method !== "get")
      .map(({ method, path }) => [method, `/api${path.replace(/:\w+/g, body.id)}`]),
    ["post", "/api/auth/sign-out"],
    ["post", "/api/auth/sign-in/email"],
    ["post", "/api/auth/sign-up/email"],
    ["post", "/api/auth/change-password"],
    ["post", "/api/uploads"],
    ["post", "/sign-in"],
    ["post", "/recordings.data"],
  ];
  for (const [method = "", path = ""] of paths) {
    for (const headers of foreign) {
      const answer = await fetch(`${web.url}${path}`, {
        method: method.toUpperCase(),
        headers: { cookie: person.cookie, "content-type": "text/plain", ...headers },
        body: "{}",
      });
      expect([path, headers, answer.status]).toEqual([path, headers, 403]);
    }
  }
  expect(await db.prisma.auditEntry.count()).toBe(before);
  expect(await db.prisma.session.count()).toBe(1);
  expect(await db.prisma.user.count()).toBe(1);
  // The same from our own page, and from a program with its key, is fine.
  expect((await post(web, person, "/api/workspaces", { json: { name: "A" } })).status).toBe(201);
  const key = await person.apiKey();
  const byKey = await fetch(`${web.url}/api/workspaces`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, origin: "https://tool.example", "content-type": "application/json" },
    body: JSON.stringify({ name: "B" }),
  });
  expect(byKey.status).toBe(201);
});

test("no other site may read answers, and none can frame us: headers of every kind of answer", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { PUBLIC_URL: "https://convene.example" } });
  for (const path of [
    "/healthz",
    "/api/recordings",
    "/api/auth/token",
    "/api/openapi.json",
    "/api/docs",
    "/api/none",
    "/none",
  ]) {
    const { headers } = await fetch(`${web.url}${path}`, { headers: { origin: "https://evil.example" } });
    expect(headers.get("access-control-allow-origin")).toBe(null);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).toMatch(/max-age=\d{8}/);
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("x-powered-by")).toBe(null);
    expect(headers.get("x-request-id")).toMatch(/.{8}/);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("connect-src 'self' wss://convene.example");
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
    expect(scripts).toMatch(/^'self' 'nonce-[A-Za-z0-9+/=]{20,}'$/);
    expect(headers.get("cache-control")).toBe(path.startsWith("/api/") ? "no-store" : null);
  }
});

test("refusals are problems with a code and the request's id, and never show our insides", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const send = (path: string, init: RequestInit) =>
    fetch(`${web.url}${path}`, { ...init, headers: { ...person.headers, "content-type": "application/json" } });
  const answers = [
    await send("/api/none", {}),
    await send("/api/workspaces", { method: "POST", body: "{" }),
    await send("/api/workspaces", { method: "POST", body: "{}" }),
    await send("/api/workspaces", { method: "POST", body: JSON.stringify({ name: "x".repeat(200_000) }) }),
    await send("/api/auth/sign-in/email", { method: "POST", body: "{" }),
    await send("/api/auth/sign-in/email", { method: "POST", body: JSON.stringify({ email: "a@b.ch", password: "x" }) }),
    await send("/api/auth/nothing-here", { method: "POST", body: "{}" }),
    await fetch(`${web.url}/api/recordings`, { headers: { authorization: "Bearer x" } }),
    await fetch(`${web.url}/api/recordings/%E0%A4%A`, { headers: person.headers }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 413, 400, 401, 404, 401, 400]);
  for (const answer of answers) {
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({
      type: "about:blank",
      status: answer.status,
      code: expect.stringMatching(/^[a-z_]+$/),
      detail: expect.stringMatching(/./),
      requestId: answer.headers.get("x-request-id"),
    });
    expect(body).not.toMatch(/node_modules|\.ts:|at \w+ \(|prisma/i);
  }
});

test("when Postgres goes, requests get 503 with Retry-After and the process stays; when it is back, so are we", async () => {
  await using db = await testDatabase();
  await using proxy = await cuttableProxy(db.url);
  await using web = await startWeb({ url: proxy.url });
  const person = await web.signUp();
  expect((await fetch(`${web.url}/readyz`)).status).toBe(200);
  proxy.cut();
  for (const path of ["/api/recordings", "/api/auth/token"]) {
    const answer = await fetch(`${web.url}${path}`, { headers: person.headers });
    expect([path, answer.status, answer.headers.get("retry-after")]).toEqual([path, 503, "5"]);
    expect(await answer.json()).toMatchObject({ code: "unavailable" });
  }
  const tus = await fetch(`${web.url}/api/uploads/0190a5d0-0000-7000-8000-000000000000`, {
    method: "HEAD",
    headers: person.headers,
  });
  expect([tus.status, tus.headers.get("retry-after")]).toEqual([503, "5"]);
  const form = await upload(web, person, randomBytes(1000));
  expect([form.status, form.body.code]).toEqual([503, "unavailable"]);
  const signIn = await post(web, person, "/api/auth/sign-in/email", {
    json: { email: person.email, password: person.password },
  });
  expect(signIn.status).toBe(503);
  const ready = await fetch(`${web.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([503, { database: "unreachable" }]);
  expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
  proxy.mend();
  await expect
    .poll(async () => (await fetch(`${web.url}/api/recordings`, { headers: person.headers })).status)
    .toBe(200);
});

test("an error of our own is no database trouble", () => {
  expect(isDatabaseDown(new TypeError("x is undefined"))).toBe(false);
  expect(
    isDatabaseDown(Object.assign(new Error("x"), { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) })),
  ).toBe(true);
});

test("rates: whoever asks too often gets 429 with Retry-After, and only they do", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { API_RATE_PER_MINUTE: "20" } });
  const [busy, calm] = [await web.signUp(), await web.signUp()];
  const answers = [];
  for (let turn = 0; turn < 30; turn++)
    answers.push(await fetch(`${web.url}/api/recordings`, { headers: busy.headers }));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(5);
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await fetch(`${web.url}/api/recordings`, { headers: calm.headers })).status).toBe(200);
});

test("the docs come from this server alone", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const page = await (await fetch(`${web.url}/api/docs`)).text();
  expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1])).toEqual([
    "/icon.svg",
    "/api/docs/scalar.js",
  ]);
  const script = await fetch(`${web.url}/api/docs/scalar.js`);
  expect([script.status, script.headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
  expect((await script.text()).length).toBeGreaterThan(1_000_000);
  const document = (await (await fetch(`${web.url}/api/openapi.json`)).json()) as { openapi: string; paths: object };
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toContain("/api/recordings/{id}/transcript");
});

test("C-68 metrics are on their own loopback port, by route pattern, and nowhere else", async () => {
  await using db = await testDatabase();
  const port = String(await freePort());
  await using web = await startWeb(db, { settings: { METRICS_PORT: port } });
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(10));
  await person.json(`/api/recordings/${body.id}`);
  expect((await fetch(`${web.url}/metrics`)).status).toBe(404);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(text).toContain('route="/api/recordings/:id"');
  expect(text).not.toContain(body.id);
});

test("a session cookie cannot be made up, changed or used after it has ended", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const status = async (cookie: string) => (await fetch(`${web.url}/api/keys`, { headers: { cookie } })).status;
  const [name = "", value = ""] = person.cookie.split("=");
  const token = decodeURIComponent(value).split(".")[0] ?? "";
  expect(await status(person.cookie)).toBe(200);
  expect(await status(`${name}=${token}`)).toBe(401);
  expect(await status(`${name}=${token}.AAAA`)).toBe(401);
  expect(await status(`${name}=${value.slice(0, -6)}`)).toBe(401);
  expect(await status(`${name}=`)).toBe(401);
  await db.prisma.session.updateMany({ data: { expiresAt: new Date(0) } });
  expect(await status(person.cookie)).toBe(401);
});

test("signing in never goes on with a session that was there before", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const answer = await fetch(`${web.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { ...person.headers, "content-type": "application/json" },
    body: JSON.stringify({ email: person.email, password: person.password }),
  });
  expect(cookieOf(answer)).not.toBe(person.cookie);
});
