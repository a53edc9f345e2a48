import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { cuttableProxy } from "./cuttable-proxy.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { upload } from "./requests.ts";
import { cookieOf, startWeb } from "./server.ts";
import type { TestPerson, TestWeb } from "./server.ts";
import { isUp, webProcess } from "./web-process.ts";

const ask = async (web: Pick<TestWeb, "url">, person: Pick<TestPerson, "headers"> | null, id: string) => {
  const answer = await fetch(`${web.url}/api/meetings/${id}/status`, { headers: person?.headers ?? {} });
  const type = answer.headers.get("content-type")?.split(";")[0];
  return { status: answer.status, type, body: (await answer.json()) as Record<string, unknown> };
};

test("A-69 the status of a meeting is exactly five fields, from before its call to its end", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const ada = await web.signUp();
  const meeting = await addMeeting(db.prisma, ada);
  const body = async () => (await ask(web, ada, meeting.id)).body;
  const before = { error: null, endedAt: null, processingStartedAt: null, transcriptCollected: false };
  expect(await ask(web, ada, meeting.id)).toEqual({
    status: 200,
    type: "application/json",
    body: { status: "upcoming", ...before },
  });
  await meeting.begin();
  expect(await body()).toEqual({ status: "active", ...before });
  await meeting.say();
  await meeting.end();
  await db.prisma.meeting.update({ where: { id: meeting.id }, data: { transcriptCollected: true } });
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const after = { endedAt: instant, processingStartedAt: instant, transcriptCollected: true };
  expect(await body()).toEqual({ status: "processing", error: null, ...after });
  await meeting.fail("The language service did not answer.");
  expect(await body()).toEqual({ status: "failed", error: "The language service did not answer.", ...after });
  await meeting.move({ type: "retried" });
  expect(await body()).toEqual({ status: "processing", error: null, ...after });
  await meeting.complete();
  expect(await body()).toEqual({ status: "completed", error: null, ...after });
});

test("A-70 unknown, malformed and other people's meetings are not found, in the reference design's words", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [ada, bob] = [await web.signUp(), await web.signUp()];
  const meeting = await addMeeting(db.prisma, ada);
  const recording = await upload(web, ada, Buffer.from("sound"));
  const unknown = "01a1fe0c-2539-7367-a031-c0502730b6e5";
  const notFound = { status: 404, type: "application/json", body: { error: "Meeting not found" } };
  for (const id of [unknown, "1", "%00", recording.body.id])
    expect([id, await ask(web, ada, id)]).toEqual([id, notFound]);
  expect(await ask(web, bob, meeting.id)).toEqual(notFound);
  // Nobody at all is told as everywhere else.
  expect(await ask(web, null, meeting.id)).toMatchObject({
    status: 401,
    type: "application/problem+json",
    body: { code: "unauthenticated" },
  });
});

test("A-71 a database that fails is told as a failure to get the status, is logged, and is over once it is back", async () => {
  await using db = await testDatabase();
  await using line = await cuttableProxy(db.url);
  await using folder = await mkdtempDisposable(join(tmpdir(), "convene-status-"));
  const web = await webProcess({
    DATABASE_URL: line.url,
    MEDIA_DIR: folder.path,
    LOG_LEVEL: "error",
    CONVENE_SECRET: "a secret for tests only, 32 or more",
  });
  await expect.poll(() => isUp(web.url), { timeout: 30_000 }).toBe(true);
  const ada = await signUp(web.url);
  const { id } = await addMeeting(db.prisma, ada);
  const failed = { status: 500, type: "application/json", body: { error: "Failed to get meeting status" } };
  // A table that cannot be read, while all the rest can.
  await db.prisma.$executeRaw`ALTER TABLE meeting RENAME TO meeting_away`;
  expect(await ask(web, ada, id)).toEqual(failed);
  await expect
    .poll(web.output)
    .toMatch(/"path":"\/api\/meetings\/[^"]+\/status".*meeting.*does not exist.*request failed/s);
  await db.prisma.$executeRaw`ALTER TABLE meeting_away RENAME TO meeting`;
  expect((await ask(web, ada, id)).body["status"]).toBe("upcoming");
  line.cut();
  expect(await ask(web, ada, id)).toEqual(failed);
  line.mend();
  await expect.poll(async () => (await ask(web, ada, id)).body["status"], { timeout: 10_000 }).toBe("upcoming");
  web.child.kill("SIGTERM");
  expect(await web.exit).toBe(0);
});

/** An account of a server that runs as a process of its own. */
async function signUp(url: string) {
  const answer = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email: "ada@example.com", password: "correct horse battery", name: "Ada" }),
  });
  const headers = { cookie: cookieOf(answer), origin: url };
  const { user } = (await answer.json()) as { user: { id: string } };
  const spaces = await fetch(`${url}/api/workspaces`, { headers });
  const { items } = (await spaces.json()) as { items: { id: string }[] };
  return { userId: user.id, workspaceId: items[0]?.id ?? "", headers };
}
