import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestPerson, TestWeb } from "../server.ts";
import { startWeb } from "../server.ts";
import { begin, head, send, tusHeaders } from "./tus-requests.ts";

const nothing = Buffer.alloc(0);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Begins a recording that is still being made, with what has been heard of it. */
async function beginWith(web: TestWeb, person: TestPerson, bytes: Buffer<ArrayBuffer>) {
  const begun = await begin(web, person, null, { filename: "talk.webm", title: "The talk", language: "de" });
  expect(begun.status).toBe(201);
  const location = begun.headers.get("location") ?? "";
  expect((await send(web, person, location, 0, bytes)).status).toBe(204);
  return location;
}

const end = (web: TestWeb, person: TestPerson, location: string, length: number) =>
  send(web, person, location, length, nothing, { "upload-length": String(length) });

const problemOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

test("a recording arrives while it is made, and is one when its end is said", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const bytes = randomBytes(50_000);
  const location = await beginWith(web, person, bytes.subarray(0, 20_000));
  const open = await head(web, person, location);
  expect([open.headers.get("upload-defer-length"), open.headers.get("upload-offset")]).toEqual(["1", "20000"]);
  expect((await send(web, person, location, 20_000, bytes.subarray(20_000))).status).toBe(204);
  expect(await db.prisma.recording.count()).toBe(0);

  const last = await end(web, person, location, bytes.length);
  expect([last.status, last.headers.get("x-duplicate")]).toEqual([204, "false"]);
  const id = last.headers.get("x-conversation-id") ?? "";
  const row = await db.prisma.recording.findUniqueOrThrow({ where: { id }, include: { conversation: true } });
  expect(row).toMatchObject({ sha256: sha256(bytes), sizeBytes: 50_000n, fileName: "talk.webm" });
  expect(row.conversation).toMatchObject({ title: "The talk", language: "de" });
  expect(await db.prisma.run.count()).toBe(1);
  // Asked again, as by a page whose connection broke just then, it names the same recording.
  const again = await head(web, person, location);
  expect(["x-conversation-id", "upload-offset", "upload-length"].map((name) => again.headers.get(name))).toEqual([
    id,
    "50000",
    "50000",
  ]);
  expect(await readdir(join(web.mediaDir, "uploads"))).toEqual([]);
});

test("a recording whose sender has gone becomes one with what arrived, and takes nothing more", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { UPLOAD_IDLE_SECONDS: "1" } });
  const person = await web.signUp();
  const bytes = randomBytes(30_000);
  const location = await beginWith(web, person, bytes);
  await expect.poll(() => db.prisma.recording.count()).toBe(1);
  const row = await db.prisma.recording.findFirstOrThrow();
  expect([row.sha256, row.sizeBytes]).toEqual([sha256(bytes), 30_000n]);
  const found = await head(web, person, location);
  expect([found.headers.get("x-conversation-id"), found.headers.get("upload-length")]).toEqual([row.id, "30000"]);
  expect(await problemOf(await send(web, person, location, 30_000, randomBytes(10)))).toEqual([409, "upload_finished"]);
});

test("one whose end was said before its last bytes were lost is kept up to there too", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { UPLOAD_IDLE_SECONDS: "1" } });
  const person = await web.signUp();
  const location = await beginWith(web, person, randomBytes(1000));
  const said = { "upload-length": "5000" };
  expect((await send(web, person, location, 1000, randomBytes(500), said)).status).toBe(204);
  await expect.poll(() => db.prisma.recording.findFirst()).toMatchObject({ sizeBytes: 1500n });
});

test("a recording whose sender has gone before the first sound leaves nothing behind", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { UPLOAD_IDLE_SECONDS: "1" } });
  const person = await web.signUp();
  const location = await beginWith(web, person, nothing);
  expect(await problemOf(await end(web, person, location, 0))).toEqual([400, "empty_file"]);
  await expect.poll(() => db.prisma.upload.count()).toBe(0);
  await expect.poll(() => readdir(join(web.mediaDir, "uploads"))).toEqual([]);
  expect(await db.prisma.recording.count()).toBe(0);
  expect((await head(web, person, location)).status).toBe(404);
});

test("a sender that asks is there: a pause does not end its recording", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { UPLOAD_IDLE_SECONDS: "3" } });
  const person = await web.signUp();
  const [asked, silent] = [randomBytes(1000), randomBytes(2000)];
  const location = await beginWith(web, person, asked);
  await beginWith(web, person, silent);
  // Until the other one, of the same age, has been ended.
  await expect
    .poll(
      async () => {
        expect((await head(web, person, location)).status).toBe(200);
        return db.prisma.recording.count();
      },
      { timeout: 15_000 },
    )
    .toBe(1);
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sha256: sha256(silent) });
  expect((await end(web, person, location, 1000)).headers.get("x-duplicate")).toBe("false");
});

test("a server that was down gives senders the whole time to come back, and ends by itself what is a day old", async () => {
  await using db = await testDatabase();
  const mediaDir = await mkdtemp(join(tmpdir(), "convene-deferred-"));
  const settings = { CONVENE_SECRET: randomBytes(32).toString("hex") };
  const first = await startWeb(db, { mediaDir, settings });
  const person = await first.signUp();
  const [young, old] = [
    await beginWith(first, person, randomBytes(1000)),
    await beginWith(first, person, randomBytes(2000)),
  ];
  await first.stop();
  await db.prisma.upload.update({ where: { id: old.split("/").at(-1)! }, data: { expiresAt: new Date(0) } });

  const lastSeenAt = new Date(Date.now() - 3_600_000);
  await db.prisma.upload.update({ where: { id: young.split("/").at(-1)! }, data: { lastSeenAt } });

  await using second = await startWeb(db, { mediaDir, settings });
  await expect.poll(() => db.prisma.recording.count()).toBe(1);
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sizeBytes: 2000n });
  expect((await end(second, person, young, 1000)).headers.get("x-duplicate")).toBe("false");
  await rm(mediaDir, { recursive: true, force: true });
});

test("at the limit a part is refused, and what arrived before can still become the recording", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { MAX_UPLOAD_BYTES: "1000", USER_QUOTA_BYTES: "1500" } });
  const person = await web.signUp();
  const first = await beginWith(web, person, randomBytes(900));
  const second = await beginWith(web, person, randomBytes(400));
  expect(await problemOf(await send(web, person, first, 900, randomBytes(101)))).toEqual([413, "too_large"]);
  expect((await head(web, person, first)).headers.get("upload-offset")).toBe("900");
  const cut = (await end(web, person, first, 900)).headers.get("x-conversation-id") ?? "";
  expect(cut).toMatch(/^[0-9a-f-]{36}$/);
  // The other one of the same person has now 600 bytes in all.
  expect(await problemOf(await send(web, person, second, 400, randomBytes(201)))).toEqual([507, "quota_exceeded"]);
  // All of what was refused comes in smaller parts, but for the last byte.
  expect((await send(web, person, second, 400, randomBytes(200))).status).toBe(204);
  const full = (await end(web, person, second, 600)).headers.get("x-conversation-id") ?? "";
  const noteOf = async (id: string) => (await db.prisma.recording.findUniqueOrThrow({ where: { id } })).cutNote;
  expect(await noteOf(cut)).toMatch(/cut off, since it had reached the largest size that this server takes/);
  expect(await noteOf(full)).toMatch(/cut off, since its owner's space was full/);
});

test("a recording whose refused part found room after all is whole, and says nothing of a limit", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { USER_QUOTA_BYTES: "1500" } });
  const person = await web.signUp();
  const first = await beginWith(web, person, randomBytes(900));
  const second = await beginWith(web, person, randomBytes(400));
  const other = (await end(web, person, first, 900)).headers.get("x-conversation-id") ?? "";
  const part = randomBytes(300);
  expect(await problemOf(await send(web, person, second, 400, part))).toEqual([507, "quota_exceeded"]);
  await person.json(`/api/recordings/${other}`, { method: "DELETE" });
  expect((await send(web, person, second, 400, part)).status).toBe(204);
  await end(web, person, second, 700);
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sizeBytes: 700n, cutNote: null });
});

test("nobody begins a recording without room, nor sends parts that do not say their length", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { USER_QUOTA_BYTES: "1000" } });
  const person = await web.signUp();
  const location = await beginWith(web, person, randomBytes(1000));
  const unmeasured = await new Promise<number | undefined>((resolve, reject) => {
    const headers = {
      ...person.headers,
      ...tusHeaders,
      "upload-offset": "1000",
      "content-type": "application/offset+octet-stream",
    };
    const sending = request(`${web.url}${location}`, { method: "PATCH", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    // Written before the end is known, so in chunks.
    sending.on("error", reject).write(randomBytes(10));
    sending.end();
  });
  expect(unmeasured).toBe(411);
  await end(web, person, location, 1000);
  expect(await problemOf(await begin(web, person, null))).toEqual([507, "quota_exceeded"]);
  const both = { ...person.headers, ...tusHeaders, "upload-length": "5", "upload-defer-length": "1" };
  const answer = await fetch(`${web.url}/api/uploads`, { method: "POST", headers: both });
  expect(await problemOf(answer)).toEqual([400, "length_missing"]);
});

test("another person's recording under way does not exist, and nobody's is open without a sign-in", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [owner, stranger] = [await web.signUp(), await web.signUp()];
  const location = await beginWith(web, owner, randomBytes(1000));
  expect((await head(web, stranger, location)).status).toBe(404);
  expect((await send(web, stranger, location, 1000, randomBytes(10))).status).toBe(404);
  expect((await end(web, stranger, location, 1000)).status).toBe(404);
  const nobody = { ...owner, headers: { cookie: "", origin: web.url } };
  expect((await send(web, nobody, location, 1000, randomBytes(10))).status).toBe(401);
  expect((await head(web, owner, location)).headers.get("upload-offset")).toBe("1000");
});
