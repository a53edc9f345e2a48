import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listRecordings } from "#records/runs/run-lists.ts";
import { addRecorder } from "#tests/bot-visits/recorder-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addSegment } from "./live/live-server.ts";
import { post, upload } from "./requests.ts";
import { startWeb } from "./server.ts";

test("C-16 POST /api/recordings answers 202 with links, though Temporal is down, and keeps the bytes", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(300_000);
  const answer = await upload(web, person, bytes, { title: "Weekly", language: "de", speakers: "2" });
  expect(answer.status).toBe(202);
  expect(answer.body).toEqual({
    id: expect.any(String),
    status: "pending",
    links: expect.objectContaining({ self: `/api/recordings/${answer.body.id}` }),
  });
  const row = await db.prisma.recording.findUniqueOrThrow({
    where: { id: answer.body.id },
    include: { conversation: true },
  });
  expect(row).toMatchObject({
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: 300_000n,
    speakerCount: 2,
    fileName: "speech.wav",
    conversation: { title: "Weekly", language: "de", ownerId: person.userId },
  });
  const audio = await fetch(`${web.url}/api/recordings/${row.id}/audio`, { headers: person.headers });
  expect(Buffer.from(await audio.arrayBuffer()).equals(bytes)).toBe(true);
  expect(await db.prisma.outbox.findMany({ select: { kind: true } })).toEqual([{ kind: "run.start" }]);
});

test("the same bytes again give the recording that is there, unless a second copy is asked for", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const stranger = await web.signUp();
  const bytes = randomBytes(1000);
  const first = await upload(web, person, bytes);
  const again = await upload(web, person, bytes);
  expect([again.status, again.body.id, again.body.duplicate]).toEqual([200, first.body.id, true]);
  const copy = await upload(web, person, bytes, {}, "?duplicate=allow");
  expect(copy.status).toBe(202);
  expect(copy.body.id).not.toBe(first.body.id);
  // Another workspace learns nothing of what this one holds.
  expect((await upload(web, stranger, bytes)).status).toBe(202);
  expect(await readdir(join(web.mediaDir, "incoming"))).toEqual([]);
  expect((await readdir(join(web.mediaDir, "conversations"))).length).toBe(3);
});

test("an upload equal to a second copy is found as that copy's duplicate, and what a bot recorded is none", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(1000);
  const copy = await upload(web, person, bytes, {}, "?duplicate=allow");
  const again = await upload(web, person, bytes);
  expect([again.status, again.body.id, again.body.duplicate]).toEqual([200, copy.body.id, true]);
  const visit = await addRecorder(db.prisma, person);
  await db.prisma.recorder.update({ where: { id: visit }, data: { id: copy.body.id } });
  expect((await upload(web, person, bytes)).status).toBe(202);
});

test("two uploads of the same bytes at once become one recording", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(50_000);
  const answers = await Promise.all(Array.from({ length: 6 }, () => upload(web, person, bytes)));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  expect(await db.prisma.recording.count()).toBe(1);
});

test("files that are empty, too large, missing or over the quota are refused in words, and leave nothing", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { MAX_UPLOAD_BYTES: "10000", USER_QUOTA_BYTES: "15000" } });
  const person = await web.signUp();
  const refusal = async (bytes: Buffer<ArrayBuffer>, fields: Record<string, string> = {}) => {
    const { status, body } = await upload(web, person, bytes, fields);
    return [status, body.code];
  };
  expect(await refusal(Buffer.alloc(0))).toEqual([400, "empty_file"]);
  expect(await refusal(randomBytes(10_001))).toEqual([413, "too_large"]);
  expect(await refusal(randomBytes(3_000_000))).toEqual([413, "too_large"]);
  expect(await refusal(randomBytes(100), { language: "../../etc" })).toEqual([400, "invalid_request"]);
  expect(await refusal(randomBytes(100), { speakers: "-1" })).toEqual([400, "invalid_request"]);
  expect(await refusal(randomBytes(100), { workspaceId: "no-id" })).toEqual([404, "not_found"]);
  const noFile = await post(web, person, "/api/recordings", { body: new FormData() });
  expect([noFile.status, noFile.body.code]).toEqual([400, "file_missing"]);
  const noForm = await post(web, person, "/api/recordings", { json: {}, headers: { "content-type": "text/plain" } });
  expect([noForm.status, noForm.body.code]).toEqual([415, "not_a_form"]);
  expect(await db.prisma.recording.count()).toBe(0);
  expect(await readdir(join(web.mediaDir, "incoming"))).toEqual([]);
  expect(await refusal(randomBytes(9_000))).toEqual([202, undefined]);
  expect(await refusal(randomBytes(9_000))).toEqual([507, "quota_exceeded"]);
});

test("an upload that is cut off leaves nothing behind", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
  socket.write(
    `POST /api/recordings HTTP/1.1\r\nHost: x\r\nCookie: ${person.cookie}\r\nOrigin: ${web.url}\r\nContent-Length: 900000\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n`,
  );
  socket.write(randomBytes(200_000));
  const incoming = join(web.mediaDir, "incoming");
  await expect.poll(async () => (await readdir(incoming).catch(() => [])).length).toBe(1);
  socket.destroy();
  await expect.poll(() => readdir(incoming)).toEqual([]);
  expect(await db.prisma.recording.count()).toBe(0);
});

test("hostile titles and file names stay text", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const title = `<script>alert(1)</script>'; DROP TABLE run;--\u0000\u001b[31m`;
  const { body } = await upload(web, person, randomBytes(10), { title }, "", "../../../etc/passwd.wav");
  const shown = await person.json<{ title: string; fileName: string }>(`/api/recordings/${body.id}`);
  expect(shown.title).toBe("<script>alert(1)</script>'; DROP TABLE run;--[31m");
  expect(shown.fileName).toBe("passwd.wav");
  const longest = await upload(web, person, randomBytes(10), {}, "", `${"長".repeat(400)}.wav`);
  expect(longest.status).toBe(202);
});

test("lists are paged by cursor without loss or repeat", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const ids: string[] = [];
  for (let number = 0; number < 7; number++) ids.push((await upload(web, person, randomBytes(10))).body.id);
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = await person.json<{ items: { id: string }[]; nextCursor: string | null }>(
      `/api/recordings?limit=3${query}`,
    );
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(ids.toReversed());
  const bad = await fetch(`${web.url}/api/recordings?limit=0&cursor=x`, { headers: person.headers });
  expect(bad.status).toBe(400);
});

test("a search finds titles and what was said, in the API as in the list on the page", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const { prisma } = db;
  const person = await web.signUp();
  const titled = (await upload(web, person, randomBytes(10), { title: "The lighthouse" })).body.id;
  const saying = (await upload(web, person, randomBytes(10), { title: "Weekly" })).body.id;
  await upload(web, person, randomBytes(10), { title: "Other" });
  await addSegment(db, saying, { text: "We drove to the Lighthouse." });
  const found = await person.json<{ items: { id: string }[] }>("/api/recordings?q=lighthouse");
  expect(found.items.map(({ id }) => id)).toEqual([saying, titled]);
  const query = { status: null, text: "lighthouse", cursor: null, limit: 30 };
  const { items } = await listRecordings(prisma, person.userId, query);
  expect(items.map(({ conversationId }) => conversationId)).toEqual([saying, titled]);
});

test("audio answers ranges as HTTP says, and 416 beyond the end", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(1000);
  const { body } = await upload(web, person, bytes);
  const ask = async (range: string) => {
    const answer = await fetch(`${web.url}/api/recordings/${body.id}/audio`, { headers: { ...person.headers, range } });
    const got = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, range: answer.headers.get("content-range"), got };
  };
  const cases = [
    ["bytes=0-99", "bytes 0-99/1000", bytes.subarray(0, 100)],
    ["bytes=900-", "bytes 900-999/1000", bytes.subarray(900)],
    ["bytes=-10", "bytes 990-999/1000", bytes.subarray(990)],
    ["bytes=990-5000", "bytes 990-999/1000", bytes.subarray(990)],
  ] as const;
  for (const [asked, told, expected] of cases) {
    const { status, range, got } = await ask(asked);
    expect([asked, status, range, got.equals(expected)]).toEqual([asked, 206, told, true]);
  }
  expect(await ask("bytes=1000-")).toMatchObject({ status: 416, range: "bytes */1000" });
  expect(await ask("bytes=5-1")).toMatchObject({ status: 200, range: null });
});

test("a run can be cancelled and retried, and a request that does not fit is a conflict", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(10));
  const act = (action: string) => post(web, person, `/api/recordings/${body.id}/${action}`, {});
  expect(await act("retry")).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(await act("cancel")).toMatchObject({ status: 202, body: { status: "cancelled" } });
  expect(await act("cancel")).toMatchObject({ status: 409 });
  expect(await act("retry")).toMatchObject({ status: 202, body: { status: "pending", attempt: 2 } });
});

test("deleting a recording takes it from every list at once", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { body } = await upload(web, person, randomBytes(10));
  const gone = await fetch(`${web.url}/api/recordings/${body.id}`, { method: "DELETE", headers: person.headers });
  expect(gone.status).toBe(204);
  expect((await fetch(`${web.url}/api/recordings/${body.id}`, { headers: person.headers })).status).toBe(404);
  expect(await person.json("/api/recordings")).toEqual({ items: [], nextCursor: null });
});
