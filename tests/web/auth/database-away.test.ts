import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { lockTable } from "#tests/setup/locked-table.ts";
import { cuttableProxy } from "../cuttable-proxy.ts";
import { cookieOf, startWeb } from "../server.ts";
import { isUp, webProcess } from "../web-process.ts";

test("a database that goes between a session and its user is told as away, and the log alone says so", async () => {
  await using db = await testDatabase();
  await using line = await cuttableProxy(db.url);
  await using folder = await mkdtempDisposable(join(tmpdir(), "convene-away-"));
  const web = await webProcess({
    DATABASE_URL: line.url,
    MEDIA_DIR: folder.path,
    LOG_LEVEL: "info",
    CONVENE_SECRET: "a secret for tests only, 32 or more",
  });
  await expect.poll(() => isUp(web.url), { timeout: 30_000 }).toBe(true);
  const credentials = { email: "ada@example.com", password: "correct horse battery" };
  const send = (path: string, body: object) =>
    fetch(`${web.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: web.url },
      body: JSON.stringify(body),
    });
  const cookie = cookieOf(await send("/api/auth/sign-up/email", { ...credentials, name: "Ada" }));
  const get = (path: string) => fetch(`${web.url}${path}`, { headers: { cookie } });

  const cases = [
    ["user", () => get("/api/keys")],
    ["user", () => get("/api/auth/get-session")],
    ["account", () => send("/api/auth/sign-in/email", credentials)],
  ] as const;
  const refused: string[] = [];
  for (const [table, ask] of cases) {
    const lock = await lockTable(db.url, table, "ACCESS EXCLUSIVE");
    const asked = ask();
    await lock.awaited();
    line.cut();
    const answer = await asked;
    await lock.release();
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: "unavailable" }]);
    refused.push(answer.headers.get("x-request-id") ?? "");
    line.mend();
    await expect.poll(async () => (await get("/api/keys")).status).toBe(200);
  }
  web.child.kill("SIGTERM");
  expect(await web.exit).toBe(0);
  const lines = web.output().trim().split("\n");
  expect(lines.filter((said) => !said.startsWith("{"))).toEqual([]);
  for (const id of refused) expect(lines.filter((said) => said.includes(id)).join()).toContain('"res":{"status":503}');
});

test("a session whose user went while it was read is nobody's", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const ask = async (path: string) => {
    const answer = await fetch(`${web.url}${path}`, { headers: person.headers });
    return [answer.status, await answer.json()];
  };
  expect(await ask("/api/keys")).toMatchObject([200, {}]);
  // As a read of two statements finds it when the account is deleted between them.
  await db.prisma.$executeRaw`ALTER TABLE session DROP CONSTRAINT session_user_id_fkey`;
  await db.prisma.workspace.deleteMany();
  await db.prisma.user.delete({ where: { id: person.userId } });
  expect(await db.prisma.session.count()).toBe(1);
  expect(await ask("/api/keys")).toMatchObject([401, { code: "unauthenticated" }]);
  expect(await ask("/api/auth/get-session")).toEqual([200, null]);
});
