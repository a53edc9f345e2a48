import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { sendSound } from "#web/components/browser-recorder/sender.ts";
import type { SenderState } from "#web/components/browser-recorder/sender.ts";
import { createSound } from "#web/components/browser-recorder/sound.ts";
import { createUploadClient } from "#web/components/browser-recorder/upload-client.ts";
import { relay } from "./network-relay.ts";
import type { TestPerson, TestWeb } from "./server.ts";
import { startWeb } from "./server.ts";

const details = { filename: "talk.webm", title: "Täglich · 日次", language: "en", workspaceId: "" };

/** Keeps parts as a browser does, in memory. */
function memoryShelf() {
  const parts = new Map<number, Blob>();
  return {
    put: async (_id: string, start: number, part: Blob) => void parts.set(start, part),
    part: async (_id: string, start: number) => parts.get(start),
    starts: async () => [...parts.keys()],
  };
}

/** A page that records: `hear` gives it sound, `port` leads to the server. */
async function recordingPage(web: TestWeb, person: TestPerson, { port = 0, keepAliveMs = 60_000 } = {}) {
  let headers = person.headers;
  const base = port === 0 ? web.url : `http://127.0.0.1:${port}`;
  const client = createUploadClient((path, init) =>
    fetch(`${base}${path}`, { ...init, headers: { ...(init.headers as Record<string, string>), ...headers } }),
  );
  const heard: Buffer[] = [];
  const states: SenderState[] = [];
  const full: string[] = [];
  const sound = createSound("id", memoryShelf());
  const stop = new AbortController();
  const begin = () => client.begin(details);
  const url = await begin();
  const sending = sendSound(
    {
      client,
      sound,
      userId: person.userId,
      url,
      begin,
      keepAliveMs,
      firstDelayMs: 20,
      onState: (state) => states.push(state),
      onFull(problem) {
        full.push(problem);
        sound.end();
      },
    },
    stop.signal,
  );
  return {
    url,
    sound,
    sending,
    full,
    hear(size: number) {
      const bytes = randomBytes(size);
      heard.push(bytes);
      sound.append(new Blob([bytes]));
    },
    state: () => states.at(-1),
    as: (next: Pick<TestPerson, "headers">) => (headers = next.headers),
    bytes: () => Buffer.concat(heard),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await sending;
    },
  };
}
type RecordingPage = Awaited<ReturnType<typeof recordingPage>>;

async function untilSent(page: RecordingPage): Promise<void> {
  await expect.poll(() => page.state()?.sent).toBe(page.sound.size());
}
const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const signedOut = (web: TestWeb) => ({ headers: { cookie: "", origin: web.url } });

test("sound that was recorded without network is sent when it is back, and nothing twice", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  await using network = await relay(Number(new URL(web.url).port));
  const person = await web.signUp();
  await using page = await recordingPage(web, person, { port: network.port });
  page.hear(10_000);
  await untilSent(page);
  network.down(true);
  for (let part = 0; part < 50; part += 1) page.hear(60_000);
  await expect.poll(() => page.state()?.state).toBe("waiting");
  network.down(false);
  await untilSent(page);
  page.hear(5);
  network.cut();
  page.sound.end();
  const id = (await page.sending) ?? "";
  const row = await db.prisma.recording.findUniqueOrThrow({ where: { id }, include: { conversation: true } });
  expect([row.sha256, row.conversation.title]).toEqual([hashOf(page.bytes()), details.title]);
  expect(await db.prisma.recording.count()).toBe(1);
});

test("what the server ended meanwhile is sent anew as a whole", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { UPLOAD_IDLE_SECONDS: "1" } });
  await using network = await relay(Number(new URL(web.url).port));
  const person = await web.signUp();
  await using page = await recordingPage(web, person, { port: network.port });
  page.hear(10_000);
  await untilSent(page);
  network.down(true);
  await expect.poll(() => db.prisma.recording.count()).toBe(1);
  page.hear(20_000);
  network.down(false);
  page.sound.end();
  const id = (await page.sending) ?? "";
  const sizes = await db.prisma.recording.findMany({ select: { sizeBytes: true }, orderBy: { sizeBytes: "asc" } });
  expect(sizes.map(({ sizeBytes }) => sizeBytes)).toEqual([10_000n, 30_000n]);
  expect(await db.prisma.recording.findUnique({ where: { id } })).toMatchObject({ sha256: hashOf(page.bytes()) });
});

test("what the server ended when it had all of it is not sent again", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { UPLOAD_IDLE_SECONDS: "1" } });
  const person = await web.signUp();
  await using page = await recordingPage(web, person);
  page.hear(10_000);
  await untilSent(page);
  await expect.poll(() => db.prisma.recording.count()).toBe(1);
  page.sound.end();
  const row = await db.prisma.recording.findFirstOrThrow();
  expect(await page.sending).toBe(row.id);
  expect(await db.prisma.upload.count()).toBe(1);
});

test("signing out, or in as somebody else, holds the sound back; signing in again sends it", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [person, other] = [await web.signUp(), await web.signUp()];
  await using page = await recordingPage(web, person);
  page.hear(1000);
  await untilSent(page);
  page.as(signedOut(web));
  page.hear(1000);
  await expect.poll(() => page.state()?.state).toBe("signed-out");
  page.as(other);
  page.hear(1000);
  await expect.poll(() => page.state()?.state).toBe("signed-out");
  expect(await db.prisma.upload.count({ where: { userId: other.userId } })).toBe(0);
  page.as(person);
  await untilSent(page);
  page.sound.end();
  await expect(page.sending).resolves.toMatch(/^[0-9a-f-]{36}$/);
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sha256: hashOf(page.bytes()) });
});

test("an upload that is gone from the server begins again with all that was heard", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  await using page = await recordingPage(web, person);
  page.hear(1000);
  await untilSent(page);
  await db.prisma.upload.deleteMany();
  page.hear(1000);
  page.sound.end();
  await page.sending;
  expect(await db.prisma.recording.findFirstOrThrow()).toMatchObject({ sha256: hashOf(page.bytes()) });
});

test("at the limit the recording ends and is kept up to there", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { MAX_UPLOAD_BYTES: "500000" } });
  const person = await web.signUp();
  await using page = await recordingPage(web, person);
  page.hear(300_000);
  await untilSent(page);
  page.hear(300_000);
  const id = (await page.sending) ?? "";
  expect(page.full).toEqual(["The file is larger than this server allows (1 MB)."]);
  const { sizeBytes, sha256 } = await db.prisma.recording.findUniqueOrThrow({ where: { id } });
  expect(Number(sizeBytes)).toBeGreaterThan(430_000);
  expect(sha256).toBe(hashOf(page.bytes().subarray(0, Number(sizeBytes))));
});

test("a pause is no absence: the page says that it is there", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db, { settings: { UPLOAD_IDLE_SECONDS: "2" } });
  const person = await web.signUp();
  await using page = await recordingPage(web, person, { keepAliveMs: 100 });
  await using away = await recordingPage(web, person);
  for (const each of [page, away]) each.hear(1000);
  await expect.poll(() => db.prisma.recording.count(), { timeout: 15_000 }).toBe(1);
  const ended = await db.prisma.recording.findFirstOrThrow();
  page.sound.end();
  expect(await page.sending).not.toBe(ended.id);
  expect(await db.prisma.recording.count()).toBe(2);
});

test("what ends before a byte has come leaves no recording", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  await using page = await recordingPage(web, person);
  page.sound.end();
  expect(await page.sending).toBeNull();
  expect(await db.prisma.recording.count()).toBe(0);
});
