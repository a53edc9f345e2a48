import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openMediaStore } from "#records/media/open-media-store.ts";
import { fakeS3 } from "#tests/fakes/s3.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { upload } from "../requests.ts";
import { startWeb } from "../server.ts";

const settingsFor = (endpoint: string) => ({
  S3_BUCKET: "media",
  S3_REGION: "eu-central-1",
  S3_ENDPOINT: endpoint,
  S3_ACCESS_KEY_ID: "test",
  S3_SECRET_ACCESS_KEY: "test-secret",
});

test("media in S3: stored whole, read by range, copied to a file and back, removed with all of its kind", async () => {
  await using s3 = await fakeS3("media");
  const media = await openMediaStore({ MEDIA_DIR: "unused", ...settingsFor(s3.endpoint) });
  const folder = await mkdtemp(join(tmpdir(), "convene-s3-"));
  const small = randomBytes(100_000);
  const large = randomBytes(70 * 1024 ** 2);
  for (const [name, bytes] of [
    ["small", small],
    ["large", large],
  ] as const) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    await media.putFile(`conversations/a/${name}`, path);
    expect(await stat(path).catch(() => null)).toBe(null);
    expect(await media.size(`conversations/a/${name}`)).toBe(bytes.length);
    expect(s3.objects.get(`conversations/a/${name}`)?.equals(bytes)).toBe(true);
  }
  await media.putText("conversations/ab/peaks.json", "[1]");
  expect(
    (await buffer(await media.read("conversations/a/small", { start: 10, end: 19 }))).equals(small.subarray(10, 20)),
  ).toBe(true);
  let path = "";
  {
    await using file = await media.localFile("conversations/a/large");
    path = file.path;
    expect((await readFile(path)).equals(large)).toBe(true);
  }
  expect(await stat(path).catch(() => null)).toBe(null);
  expect(await media.size("conversations/a/none")).toBe(null);
  await expect(media.read("conversations/a/none")).rejects.toThrow("NoSuchKey");
  await media.removeAll("conversations/a/");
  expect([...s3.objects.keys()]).toEqual(["conversations/ab/peaks.json"]);
  await media.removeAll("conversations/a/");
  await rm(folder, { recursive: true });
});

test("a part that S3 refuses ends the upload there and keeps the file here", async () => {
  await using s3 = await fakeS3("media");
  const media = await openMediaStore({ MEDIA_DIR: "unused", ...settingsFor(s3.endpoint) });
  const folder = await mkdtemp(join(tmpdir(), "convene-s3-"));
  const path = join(folder, "large");
  await writeFile(path, Buffer.alloc(65 * 1024 ** 2));
  s3.state.failParts = true;
  await expect(media.putFile("k", path)).rejects.toThrow("InvalidPart");
  expect([s3.state.aborted, s3.objects.size]).toEqual([1, 0]);
  expect((await stat(path)).size).toBe(65 * 1024 ** 2);
  await rm(folder, { recursive: true });
});

test("a recording uploaded to a server with S3 lies in the bucket and plays by range from there", async () => {
  await using db = await testDatabase();
  await using s3 = await fakeS3("media");
  await using web = await startWeb(db, { settings: settingsFor(s3.endpoint) });
  const person = await web.signUp();
  const bytes = randomBytes(5000);
  const { status, body } = await upload(web, person, bytes);
  expect(status).toBe(202);
  expect(s3.objects.get(`conversations/${body.id}/original`)?.equals(bytes)).toBe(true);
  const headers = { ...person.headers, range: "bytes=100-199" };
  const audio = await fetch(`${web.url}/api/recordings/${body.id}/audio`, { headers });
  expect(audio.status).toBe(206);
  expect(Buffer.from(await audio.arrayBuffer()).equals(bytes.subarray(100, 200))).toBe(true);
});
