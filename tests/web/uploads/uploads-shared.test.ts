import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { expect, test } from "vitest";
import { fakeS3 } from "#tests/fakes/s3.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestPerson, TestWeb } from "../server.ts";
import { startWeb } from "../server.ts";
import { begin, head, send, tusHeaders } from "./tus-requests.ts";

const mebibyte = 1024 ** 2;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const idIn = (location: string) => location.split("/").at(-1) ?? "";

/** Web processes that share a database and a bucket, and no folder. */
async function startWebs(settings: Record<string, string> = {}) {
  await using stack = new AsyncDisposableStack();
  let owner: AsyncDisposableStack = stack;
  const db = stack.use(await testDatabase());
  const s3 = stack.use(await fakeS3("media"));
  const shared = {
    CONVENE_SECRET: randomBytes(32).toString("hex"),
    S3_BUCKET: "media",
    S3_REGION: "eu-central-1",
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY_ID: "test",
    S3_SECRET_ACCESS_KEY: "test-secret",
    ...settings,
  };
  const start = async () => owner.use(await startWeb(db, { settings: shared }));
  const [one, other] = [await start(), await start()];
  const person = await one.signUp();
  const moved = (owner = stack.move());
  return { db, s3, one, other, start, person, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

const begun = async (web: TestWeb, person: TestPerson, size: number | null): Promise<string> => {
  const answer = await begin(web, person, size);
  expect(answer.status).toBe(201);
  return answer.headers.get("location") ?? "";
};

test("parts that go to one web process and the other in turn become one recording, and need no folder", async () => {
  await using at = await startWebs();
  const { db, s3, one, other, person } = at;
  const bytes = randomBytes(20 * mebibyte);
  const location = await begun(one, person, bytes.length);
  let last: Response | undefined;
  for (let from = 0, turn = 0; from < bytes.length; from += 3 * mebibyte, turn += 1) {
    const web = turn % 2 === 0 ? other : one;
    expect((await head(web, person, location)).headers.get("upload-offset")).toBe(String(from));
    last = await send(web, person, location, from, bytes.subarray(from, from + 3 * mebibyte));
    expect(last.status).toBe(204);
  }
  const id = last?.headers.get("x-conversation-id") ?? "";
  const row = await db.prisma.recording.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({ sha256: sha256(bytes), sizeBytes: BigInt(bytes.length) });
  expect([...s3.objects.keys()]).toEqual([row.mediaKey]);
  expect(s3.objects.get(row.mediaKey ?? "")?.equals(bytes)).toBe(true);
  expect(s3.openUploads()).toBe(0);
  for (const { mediaDir } of [one, other]) expect(await readdir(mediaDir)).not.toContain("uploads");
});

test("what one web process took before it died goes on at another, also while nobody knows the length", async () => {
  await using at = await startWebs();
  const { db, one, other, person } = at;
  const bytes = randomBytes(9 * mebibyte);
  const location = await begun(one, person, null);
  expect((await send(one, person, location, 0, bytes.subarray(0, 100_000))).status).toBe(204);
  await one.stop();
  expect((await send(other, person, location, 100_000, bytes.subarray(100_000))).status).toBe(204);
  const said = { "upload-length": String(bytes.length) };
  const last = await send(other, person, location, bytes.length, Buffer.alloc(0), said);
  expect([last.status, last.headers.get("x-duplicate")]).toEqual([204, "false"]);
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sha256: sha256(bytes) });
});

test("a recording whose sender has gone is ended from the bucket too", async () => {
  await using at = await startWebs({ UPLOAD_IDLE_SECONDS: "1" });
  const { db, s3, one, person } = at;
  const bytes = randomBytes(8 * mebibyte + 1_000);
  const location = await begun(one, person, null);
  expect((await send(one, person, location, 0, bytes)).status).toBe(204);
  await expect.poll(() => db.prisma.recording.count()).toBe(1);
  const row = await db.prisma.recording.findFirstOrThrow();
  expect([row.sha256, row.sizeBytes]).toEqual([sha256(bytes), BigInt(bytes.length)]);
  await expect.poll(() => [...s3.objects.keys()]).toEqual([row.mediaKey]);
});

test("a part that breaks off is kept as far as it came", async () => {
  await using at = await startWebs();
  const { db, one, other, person } = at;
  const bytes = randomBytes(12 * mebibyte);
  const location = await begun(one, person, bytes.length);
  const headers = {
    ...person.headers,
    ...tusHeaders,
    "upload-offset": "0",
    "content-type": "application/offset+octet-stream",
    "content-length": String(bytes.length),
  };
  const sending = request(`${one.url}${location}`, { method: "PATCH", headers });
  sending.on("error", () => {}).write(bytes.subarray(0, 10 * mebibyte));
  const arrived = async () =>
    Number((await db.prisma.upload.findUniqueOrThrow({ where: { id: idIn(location) } })).arrivedBytes);
  await expect.poll(arrived).toBeGreaterThan(0);
  sending.destroy();
  const from = Number((await head(other, person, location)).headers.get("upload-offset"));
  expect(from).toBeGreaterThanOrEqual(8 * mebibyte);
  expect((await send(other, person, location, from, bytes.subarray(from))).status).toBe(204);
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sha256: sha256(bytes) });
});

test("the same part sent to both at once is stored once", async () => {
  await using at = await startWebs();
  const { db, one, other, person } = at;
  const bytes = randomBytes(300_000);
  const location = await begun(one, person, bytes.length);
  const parts = await Promise.all(
    [one, other].map((web) => send(web, person, location, 0, bytes.subarray(0, 200_000))),
  );
  const statuses = parts.map(({ status }) => status).sort((a, b) => a - b);
  expect(statuses[0]).toBe(204);
  expect([409, 423]).toContain(statuses[1]);
  expect((await send(one, person, location, 200_000, bytes.subarray(200_000))).status).toBe(204);
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sha256: sha256(bytes) });
});

test("the lock of a killed web process is free after its lease", async () => {
  await using at = await startWebs();
  const { db, one, person } = at;
  const location = await begun(one, person, 1_000);
  const where = { id: idIn(location) };
  const killed = { lockHolder: where.id, lockUntil: new Date(Date.now() + 700) };
  await db.prisma.upload.update({ where, data: killed });
  expect((await send(one, person, location, 0, randomBytes(1_000))).status).toBe(204);
  expect(await db.prisma.upload.findUniqueOrThrow({ where })).toMatchObject({ lockHolder: null, lockWanted: false });
});

test("what is deleted or has expired leaves nothing in the bucket, and a broken one keeps nobody else's", async () => {
  await using at = await startWebs();
  const { db, s3, one, other, person } = at;
  const [deleted, broken, expired] = [
    await begun(one, person, 20 * mebibyte),
    await begun(one, person, 20 * mebibyte),
    await begun(one, person, 20 * mebibyte),
  ];
  for (const location of [deleted, broken, expired]) {
    expect((await send(one, person, location, 0, randomBytes(9 * mebibyte))).status).toBe(204);
  }
  const headers = { ...person.headers, ...tusHeaders, origin: other.url };
  expect((await fetch(`${other.url}${deleted}`, { method: "DELETE", headers })).status).toBe(204);
  expect([s3.openUploads(), s3.objects.size]).toEqual([2, 2]);
  const past = { expiresAt: new Date(0) };
  await db.prisma.upload.update({ where: { id: idIn(broken) }, data: { ...past, stored: { parts: "none" } } });
  await db.prisma.upload.update({ where: { id: idIn(expired) }, data: past });
  await at.start();
  await expect.poll(() => db.prisma.upload.findMany({ select: { id: true } })).toEqual([{ id: idIn(broken) }]);
  expect([s3.openUploads(), s3.objects.size]).toEqual([1, 1]);
});
