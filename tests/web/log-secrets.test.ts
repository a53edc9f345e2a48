import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { testDatabase } from "#tests/setup/database.ts";
import { outsideRoutes, routes } from "#web/api/routes.ts";
import { loggedPath } from "#web/http/logged-path.ts";
import pages from "#web/routes.ts";
import { cuttableProxy } from "./cuttable-proxy.ts";
import { isUp, webProcess } from "./web-process.ts";

/** Part of every secret that this test sends; hex, so that neither case nor encoding hides it. */
const mark = randomBytes(8).toString("hex");
const secret = () => `Canary${mark}${randomBytes(16).toString("base64url")}`;

interface Sent {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

type PageRoute = (typeof pages)[number];
const pagePaths = (list: readonly PageRoute[], above = ""): string[] =>
  list.flatMap(({ path, children }) => {
    const here = path === undefined ? above : `${above}/${path}`;
    return [here || "/", ...pagePaths(children ?? [], here)];
  });
const apiPaths = [...routes, ...outsideRoutes].map(
  ({ method, path }) => [method.toUpperCase(), `/api${path}`] as const,
);
const everyPage = [...new Set(pagePaths(pages))];

/** Every address in which a link's secret can come, rightly written or mangled by programs and people. */
function mangled(path: string): string[] {
  const encoded = path.replace(/[a-z](?=[a-z]*\/)/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return [
    path,
    `${path}.data`,
    `${path}/`,
    `/${path}`,
    path.replaceAll("/", "//"),
    path.toUpperCase(),
    encoded,
    path.replaceAll("/", "%2F").replace("%2F", "/"),
    `${path};v=${secret()}`,
    `${path}/${secret()}%E0%A4%A`,
    `/en${path}`,
    `http://${secret()}:${secret()}@127.0.0.1${path}`,
  ].flatMap((each) => [each, `${each}?token=${secret()}&next=/join/${secret()}`]);
}

const filled = (path: string, id: string) =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => (/id$/i.test(name) ? id : secret())).replace("*", secret());

function everyRequest(): Sent[] {
  const json = () =>
    JSON.stringify({ token: secret(), email: `${secret()}@example.com`, password: secret(), id: secret() });
  const form = () => new URLSearchParams({ intent: "password", name: secret(), password: secret() }).toString();
  const api = apiPaths.flatMap(([method, path]) =>
    [filled(path, randomUUID()), filled(path, secret()), ...mangled(filled(path, randomUUID())).slice(1, 3)].map(
      (path) => ({
        method,
        path,
        ...(method === "GET" ? {} : { headers: { "content-type": "application/json" }, body: json() }),
      }),
    ),
  );
  const own = everyPage.flatMap((path) =>
    [path, `${path}.data`, `/${path}`, path.toUpperCase(), `http://${secret()}@127.0.0.1${path}`]
      .map((path) => filled(path, randomUUID()))
      .flatMap((path) => [
        { method: "GET", path },
        { method: "POST", path, headers: { "content-type": "application/x-www-form-urlencoded" }, body: form() },
        { method: "POST", path, headers: { "content-type": "application/json" }, body: `{"${secret()}` },
      ]),
  );
  const links = ["/join/:id/:token", "/invite/:token", "/api/invites/:token/accept", "/api/auth/reset-password/:token"]
    .flatMap((path) => mangled(filled(path, secret())))
    .flatMap((path) => ["GET", "POST", "DELETE"].map((method) => ({ method, path })));
  const others = ["get-session", "list-sessions", "revoke-session", "change-password", "update-user"].map((name) => ({
    method: "POST",
    path: `/api/auth/${name}`,
    headers: { "content-type": "application/json" },
    body: json(),
  }));
  const webhook = { method: "POST", path: "/api/webhook", headers: { "x-signature": secret() }, body: json() };
  const consents = ["", ".data"].map((data) => ({
    method: "GET",
    path: `/calendar/connect/google/callback${data}?code=${secret()}&state=${secret()}&iss=${secret()}`,
  }));
  const hint = {
    method: "POST",
    path: `/api/webhook/google-calendar?validationToken=${secret()}`,
    headers: { "x-goog-channel-id": randomUUID(), "x-goog-channel-token": secret() },
  };
  const hub = {
    method: "GET",
    path: `/api/webhook/websub/${secret()}?hub.mode=subscribe&hub.topic=${secret()}&hub.challenge=${secret()}`,
  };
  return [...api, ...own, ...links, ...others, ...consents, webhook, hint, hub];
}

/** Sends a request as it is written; what `fetch` would put right first. */
function send(url: string, { method, path, headers, body }: Sent, extra: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers: { ...headers, ...extra } }, (response) => {
      response.resume();
      response.on("close", () => resolve(response.statusCode ?? 0));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function sendAll(url: string, requests: Sent[], cookie: string) {
  const waiting = [...requests];
  const statuses: string[] = [];
  const workers = Array.from({ length: 8 }, async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const headers = {
        cookie: `${cookie}; other=${secret()}`,
        referer: `${url}/join/${randomUUID()}/${secret()}`,
        "user-agent": secret(),
        "x-convene-invite": secret(),
        "x-forwarded-for": secret(),
        ...(cookie === "" ? { authorization: `Bearer ${secret()}` } : {}),
      };
      statuses.push(`${await send(url, next, headers)} ${next.method} ${next.path.replaceAll(/Canary[^/?]*/g, "…")}`);
    }
  });
  await Promise.all(workers);
  return statuses;
}

async function knockAtSockets(url: string) {
  const ws = url.replace("http", "ws");
  const paths = [`/ws/meeting/${randomUUID()}`, `/ws/practice/${randomUUID()}`, `/ws/practice/${randomUUID()}/agent`];
  const more = [`/ws/${secret()}`, `/ws/meeting/${secret()}`, `/join/${randomUUID()}/${secret()}`];
  const ended = [...paths, ...more].map((path) => {
    const socket = new WebSocket(`${ws}${path}?token=${secret()}&ticket=${secret()}`, {
      headers: { authorization: `Bearer ${secret()}`, cookie: `convene.session_token=${secret()}` },
      handshakeTimeout: 15_000,
    });
    return new Promise((resolve) => socket.on("error", () => socket.terminate()).on("close", resolve));
  });
  const feed = io(url, { auth: { token: secret() }, query: { token: secret() }, reconnection: false });
  ended.push(new Promise((resolve) => feed.once("connect_error", resolve)));
  await Promise.all(ended);
  feed.close();
}

test("no token, key, cookie, field or header of a request is in the log, on any route, also without a database", async () => {
  await using db = await testDatabase();
  await using line = await cuttableProxy(db.url);
  const folder = await mkdtemp(join(tmpdir(), "convene-log-"));
  const password = secret();
  const web = await webProcess({
    NODE_ENV: "production",
    DATABASE_URL: line.url,
    MEDIA_DIR: folder,
    LOG_LEVEL: "trace",
    CONVENE_SECRET: `${secret()}${secret()}`,
    CONVENE_ADMIN_EMAIL: "admin@example.com",
    CONVENE_ADMIN_PASSWORD: password,
    API_RATE_PER_MINUTE: "1000000",
    SIGN_IN_BURST: "100000",
    SIGN_UP_PER_HOUR: "100000",
  });
  await expect.poll(() => isUp(web.url), { timeout: 30_000 }).toBe(true);
  const signIn = await fetch(`${web.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { origin: web.url, "content-type": "application/json" },
    body: JSON.stringify({ email: "admin@example.com", password }),
  });
  const cookie = signIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect(cookie).not.toBe("");

  const requests = everyRequest();
  // Whoever signs out is nobody for all that follows.
  const staying = requests.filter(({ path }) => !/sign-out/i.test(path));
  const answers = [...(await sendAll(web.url, requests, "")), ...(await sendAll(web.url, staying, cookie))];
  expect(await send(web.url, { method: "GET", path: "/api/recordings" }, { cookie })).toBe(200);
  await knockAtSockets(web.url);
  expect(answers.filter((answer) => answer.startsWith("5"))).toEqual([]);

  line.cut();
  const unserved = await sendAll(
    web.url,
    staying.filter((_request, index) => index % 5 === 0),
    cookie,
  );
  await knockAtSockets(web.url);
  expect(unserved.filter((answer) => answer.startsWith("503")).length).toBeGreaterThan(20);

  web.child.kill("SIGTERM");
  expect(await web.exit).toBe(0);
  const log = web.output();
  const decoded = log.replaceAll(/%([0-9a-f]{2})/gi, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const telling = `${log}\n${decoded}`.split("\n").filter((line) => line.toLowerCase().includes(mark));
  expect(telling).toEqual([]);
  expect(log).not.toContain(cookie.split("=")[1]);
  expect(log).toMatch(/"path":"\/join\/[0-9a-f-]{36}\/…\/call"/);
  for (const path of ["/invite/…", "/invite/….data", "//invite/…", "/api/invites/…/accept"]) {
    expect(log).toContain(`"path":"${path}`);
  }
  expect(log.match(/"msg":"request/g)?.length).toBeGreaterThan(requests.length * 2);
  await rm(folder, { recursive: true, force: true });
}, 240_000);

test("a logged path has every word of our own addresses, and ids", () => {
  const id = randomUUID();
  const more = [
    "/socket.io",
    "/ws/meeting",
    `/ws/practice/${id}/agent`,
    "/healthz",
    "/readyz",
    "/api/webhook",
    "/api/webhook/attendee",
    "/api/webhook/recall",
    "/api/webhook/vexa",
  ];
  const ours = [...apiPaths.map(([, path]) => path), ...everyPage, ...more].map((path) =>
    path.replaceAll(/:\w*id/gi, id).replaceAll(/:\w+|\*/g, "…"),
  );
  for (const path of ours) expect(loggedPath(path)).toBe(path);
});
