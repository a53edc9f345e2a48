import { createHash, randomBytes } from "node:crypto";
import { readdir, rm, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { startWeb } from "../server.ts";
import type { TestPerson, TestWeb } from "../server.ts";
import { upload } from "../requests.ts";
import { begin, head, send, tusHeaders } from "./tus-requests.ts";

test("an upload goes on after a restart of the server, and arrives byte for byte", async () => {
  await using db = await testDatabase();
  const mediaDir = await mkdtemp(join(tmpdir(), "convene-uploads-"));
  const settings = { CONVENE_SECRET: randomBytes(32).toString("hex") };
  const bytes = randomBytes(3_000_000);
  const first = await startWeb(db, { mediaDir, settings });
  const person = await first.signUp();
  const created = await begin(first, person, bytes.length, { title: "The talk", speakers: "3" });
  expect(created.status).toBe(201);
  const location = created.headers.get("location") ?? "";
  expect(location).toMatch(/^\/api\/uploads\/[0-9a-f-]{36}$/);
  expect((await send(first, person, location, 0, bytes.subarray(0, 1_234_567))).status).toBe(204);
  await first.stop();

  await using second = await startWeb(db, { mediaDir, settings });
  const offset = Number((await head(second, person, location)).headers.get("upload-offset"));
  expect(offset).toBe(1_234_567);
  const last = await send(second, person, location, offset, bytes.subarray(offset));
  expect([last.status, last.headers.get("x-duplicate")]).toEqual([204, "false"]);
  const id = last.headers.get("x-conversation-id") ?? "";
  const row = await db.prisma.recording.findUniqueOrThrow({ where: { id }, include: { conversation: true } });
  expect(row.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(row).toMatchObject({ speakerCount: 3, fileName: "talk.wav", conversation: { title: "The talk" } });
  const audio = await fetch(`${second.url}/api/recordings/${id}/audio`, { headers: person.headers });
  expect(Buffer.from(await audio.arrayBuffer()).equals(bytes)).toBe(true);
  // Asked again, as a page does after a reload, it names the same recording.
  const again = await head(second, person, location);
  expect([again.headers.get("x-conversation-id"), again.headers.get("upload-offset")]).toEqual([id, "3000000"]);
  expect(await readdir(join(mediaDir, "uploads"))).toEqual([]);
  await rm(mediaDir, { recursive: true, force: true });
});

test("a crash between the last byte and the recording costs nothing: the next start or question finishes once", async () => {
  await using db = await testDatabase();
  const mediaDir = await mkdtemp(join(tmpdir(), "convene-uploads-"));
  const settings = { CONVENE_SECRET: randomBytes(32).toString("hex") };
  const first = await startWeb(db, { mediaDir, settings });
  const person = await first.signUp();
  const bytes = randomBytes(100_000);
  const location = (await begin(first, person, bytes.length)).headers.get("location") ?? "";
  const done = await send(first, person, location, 0, bytes);
  const id = done.headers.get("x-conversation-id") ?? "";
  await first.stop();
  // The row as it stands when the process is killed after the file has moved and before the recording is stored.
  await db.prisma.conversation.delete({ where: { id } });
  await db.prisma.upload.update({ where: { id }, data: { conversationId: null, finishedAt: null } });

  await using second = await startWeb(db, { mediaDir, settings });
  await expect.poll(() => db.prisma.recording.count()).toBe(1);
  const answers = await Promise.all(Array.from({ length: 5 }, () => head(second, person, location)));
  expect(new Set(answers.map(({ headers }) => headers.get("x-conversation-id")))).toEqual(new Set([id]));
  expect(await db.prisma.run.count()).toBe(1);
  await rm(mediaDir, { recursive: true, force: true });
});

const withBody = (web: TestWeb, person: TestPerson, headers: Record<string, string>, body: Buffer<ArrayBuffer>) =>
  fetch(`${web.url}/api/uploads`, {
    method: "POST",
    headers: {
      ...person.headers,
      ...tusHeaders,
      "content-type": "application/offset+octet-stream",
      "upload-metadata": `filename ${Buffer.from("talk.wav").toString("base64")}`,
      ...headers,
    },
    body,
  });

test("case 29: a file that comes whole in the POST is a recording, and the answer says so", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(3_000);
  const answer = await withBody(web, person, { "upload-length": "3000" }, bytes);
  expect([answer.status, answer.headers.get("upload-offset")]).toEqual([201, "3000"]);
  const row = await db.prisma.recording.findFirstOrThrow();
  expect(answer.headers.get("x-conversation-id")).toBe(row.id);
  expect(answer.headers.get("x-duplicate")).toBe("false");
  expect(row).toMatchObject({ sizeBytes: 3_000n, fileName: "talk.wav" });
  const location = answer.headers.get("location") ?? "";
  const asked = await head(web, person, location);
  expect([asked.status, asked.headers.get("upload-offset")]).toEqual([200, "3000"]);
  const again = await withBody(web, person, { "upload-length": "3000" }, bytes);
  expect([again.status, again.headers.get("x-conversation-id"), again.headers.get("x-duplicate")]).toEqual([
    201,
    row.id,
    "true",
  ]);
});

test("case 29: whatever OPTIONS promises works", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const options = await fetch(`${web.url}/api/uploads`, { method: "OPTIONS", headers: tusHeaders });
  const promised = (options.headers.get("tus-extension") ?? "").split(",").toSorted();
  const bytes = randomBytes(1_000);
  const locationOf = (answer: Response) => answer.headers.get("location") ?? "";
  const kept: Record<string, () => Promise<boolean>> = {
    creation: async () => (await begin(web, person, 1_000)).status === 201,
    "creation-with-upload": async () => {
      const part = await withBody(web, person, { "upload-length": "1000" }, bytes.subarray(0, 400));
      const rest = await send(web, person, locationOf(part), 400, bytes.subarray(400));
      return part.status === 201 && part.headers.get("upload-offset") === "400" && rest.status === 204;
    },
    "creation-defer-length": async () => {
      const begun = await withBody(web, person, { "upload-defer-length": "1" }, bytes.subarray(0, 100));
      const last = await send(web, person, locationOf(begun), 100, bytes.subarray(100, 300), {
        "upload-length": "300",
      });
      return begun.headers.get("upload-offset") === "100" && last.headers.get("x-conversation-id") !== null;
    },
    expiration: async () =>
      Date.parse((await begin(web, person, 1_000)).headers.get("upload-expires") ?? "") > Date.now(),
    termination: async () => {
      const location = locationOf(await begin(web, person, 1_000));
      const headers = { ...person.headers, ...tusHeaders, origin: web.url };
      const gone = await fetch(`${web.url}${location}`, { method: "DELETE", headers });
      return gone.status === 204 && (await head(web, person, location)).status === 404;
    },
  };
  expect(promised).toEqual(Object.keys(kept).toSorted());
  for (const [name, works] of Object.entries(kept)) expect([name, await works()]).toEqual([name, true]);
});

test("bytes that the workspace has already lead to the recording that is there", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(5_000);
  const existing = await upload(web, person, bytes);
  const location = (await begin(web, person, bytes.length)).headers.get("location") ?? "";
  const last = await send(web, person, location, 0, bytes);
  expect([last.headers.get("x-conversation-id"), last.headers.get("x-duplicate")]).toEqual([existing.body.id, "true"]);
  expect(await readdir(join(web.mediaDir, "conversations"))).toEqual([existing.body.id]);
  const copyAt = (await begin(web, person, bytes.length, { duplicate: "allow" })).headers.get("location") ?? "";
  expect((await send(web, person, copyAt, 0, bytes)).headers.get("x-duplicate")).toBe("false");
});

test("case 23: bytes that are here already tell as what, and what was said otherwise of them now", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(5_000);
  const { body: existing } = await upload(web, person, bytes, { title: "Zürich, “Müller”", language: "de" });
  const told = { id: existing.id, duplicate: true, title: "Zürich, “Müller”", language: "de", speakers: null };
  const there = "This file is already here, as “Zürich, “Müller”” in German.";
  // What pages send unasked, the title that the file's name makes, is nothing of one's own.
  const same = await upload(web, person, bytes, { title: "speech", language: "DE" });
  expect(same.body).toMatchObject({ ...told, differs: [], message: there });
  const details = { title: "Notes", language: "fr", speakers: "2", recordedAt: "2026-01-05T13:30:00+01:00" };
  const other = await upload(web, person, bytes, details);
  expect(other.status).toBe(200);
  expect(other.body).toMatchObject({ ...told, differs: ["title", "language", "speakers", "recordedAt"] });
  expect(other.body).toMatchObject({
    message: expect.stringContaining(`POST /api/recordings/${existing.id}/transcribe`),
  });

  const location = (await begin(web, person, bytes.length, { language: "fr", speakers: "2" })).headers.get("location");
  const last = await send(web, person, location ?? "", 0, bytes);
  const again = await head(web, person, location ?? "");
  for (const { headers } of [last, again]) {
    expect(decodeURIComponent(headers.get("x-duplicate-title") ?? "")).toBe("Zürich, “Müller”");
    expect(headers.get("x-duplicate-language")).toBe("de");
    expect(headers.get("x-duplicate-differs")).toBe("language, speakers");
    expect(headers.get("access-control-expose-headers")).toContain("X-Duplicate-Differs");
  }
});

test("another person's upload does not exist, and nobody's needs a sign-in", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [owner, stranger] = [await web.signUp(), await web.signUp()];
  const location = (await begin(web, owner, 1000)).headers.get("location") ?? "";
  expect((await head(web, stranger, location)).status).toBe(404);
  expect((await send(web, stranger, location, 0, randomBytes(1000))).status).toBe(404);
  expect(
    (await fetch(`${web.url}${location}`, { method: "DELETE", headers: { ...stranger.headers, ...tusHeaders } }))
      .status,
  ).toBe(404);
  expect((await head(web, { headers: { cookie: "", origin: web.url } }, location)).status).toBe(401);
  expect(Number((await head(web, owner, location)).headers.get("upload-offset"))).toBe(0);
});

test("two windows that send the same part: one gets through, the other is told where the upload stands", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(2_000_000);
  const location = (await begin(web, person, bytes.length)).headers.get("location") ?? "";
  const half = bytes.subarray(0, 1_000_000);
  const answers = await Promise.allSettled([
    send(web, person, location, 0, half),
    send(web, person, location, 0, half),
  ]);
  const statuses = answers.map((answer) => (answer.status === "fulfilled" ? answer.value.status : 0));
  expect(statuses.filter((status) => status === 204).length).toBeLessThanOrEqual(1);
  expect(statuses.filter((status) => ![0, 204, 400, 409, 423].includes(status))).toEqual([]);
  const offset = Number((await head(web, person, location)).headers.get("upload-offset"));
  const last = await send(web, person, location, offset, bytes.subarray(offset));
  const id = last.headers.get("x-conversation-id") ?? "";
  const row = await db.prisma.recording.findUniqueOrThrow({ where: { id } });
  expect(row.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
});

test("uploads that are empty, too large, unmeasured or badly described are refused before a byte", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { MAX_UPLOAD_BYTES: "1000", USER_QUOTA_BYTES: "1500" } });
  const person = await web.signUp();
  const refusal = async (response: Promise<Response>) => {
    const answer = await response;
    const { code } = (await answer.json()) as { code: string };
    return [answer.status, code, answer.headers.get("content-type")];
  };
  const problem = "application/problem+json; charset=utf-8";
  expect(await refusal(begin(web, person, 0))).toEqual([400, "empty_file", problem]);
  expect(await refusal(begin(web, person, 1001))).toEqual([413, "too_large", problem]);
  expect(await refusal(begin(web, person, 10, { language: "../" }))).toEqual([400, "invalid_request", problem]);
  expect(await refusal(begin(web, person, 10, { workspaceId: "x" }))).toEqual([404, "not_found", problem]);
  const location = (await begin(web, person, 1000)).headers.get("location") ?? "";
  await send(web, person, location, 0, randomBytes(1000));
  expect(await refusal(begin(web, person, 900))).toEqual([507, "quota_exceeded", problem]);
});

test("an upload can be given up", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const location = (await begin(web, person, 1000)).headers.get("location") ?? "";
  await send(web, person, location, 0, randomBytes(500));
  const headers = { ...person.headers, ...tusHeaders };
  expect((await fetch(`${web.url}${location}`, { method: "DELETE", headers })).status).toBe(204);
  expect((await head(web, person, location)).status).toBe(404);
  expect(await db.prisma.upload.count()).toBe(0);
  expect(await readdir(join(web.mediaDir, "uploads"))).toEqual([]);
});
