import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { post } from "./requests.ts";
import { isUp, webProcess } from "./web-process.ts";

test("logs hold no password, cookie, key or token; SIGTERM ends the process in order", async () => {
  await using db = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "convene-process-"));
  const secret = randomBytes(32).toString("hex");
  await writeFile(join(folder, "secret"), `${secret}\n`);
  const web = await webProcess({
    DATABASE_URL: db.url,
    MEDIA_DIR: folder,
    LOG_LEVEL: "trace",
    CONVENE_SECRET_FILE: join(folder, "secret"),
    CONVENE_ADMIN_EMAIL: "admin@example.com",
    CONVENE_ADMIN_PASSWORD: "canary-password",
  });
  await expect.poll(() => isUp(web.url), { timeout: 30_000 }).toBe(true);
  const nobody = { headers: { cookie: "", origin: web.url } };
  const json = { email: "admin@example.com", password: "canary-password" };
  const signIn = await post(web, nobody, "/api/auth/sign-in/email", { json });
  expect(signIn.status).toBe(200);
  const cookie = signIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const person = { headers: { cookie, origin: web.url } };
  const { body } = await post(web, person, "/api/keys", { json: { name: "canary" } });
  const token = await (await fetch(`${web.url}/api/auth/token`, { headers: person.headers })).text();
  await fetch(`${web.url}/ws/meeting/x?token=canary-token`);
  await fetch(`${web.url}/api/invites/canary-invite/accept`, { method: "POST", headers: person.headers });
  web.child.kill("SIGTERM");
  expect(await web.exit).toBe(0);
  const log = web.output();
  expect(log).toContain("/api/auth/sign-in/email");
  const secrets = [
    "canary-",
    cookie.split("=")[1] ?? "",
    String(body["key"]),
    JSON.parse(token).token as string,
    secret,
  ];
  for (const value of secrets) expect(log).not.toContain(value);
  await rm(folder, { recursive: true, force: true });
});

test("a wrong setting ends the start with one clear message and exit 1", async () => {
  const web = await webProcess({ CONVENE_SECRET: "short", API_RATE_PER_MINUTE: "none" });
  expect(await web.exit).toBe(1);
  for (const name of ["CONVENE_SECRET", "API_RATE_PER_MINUTE", "DATABASE_URL"]) expect(web.output()).toContain(name);
  expect(web.output()).not.toMatch(/\n\s+at /);
});

test("started with an IPC channel, the process ends when its parent is gone", async () => {
  await using db = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "convene-process-"));
  const secret = randomBytes(32).toString("hex");
  const web = await webProcess({ DATABASE_URL: db.url, MEDIA_DIR: folder, CONVENE_SECRET: secret }, { ipc: true });
  await expect.poll(() => isUp(web.url), { timeout: 30_000 }).toBe(true);
  web.child.disconnect();
  expect(await web.exit).toBe(0);
  await rm(folder, { recursive: true, force: true });
});
