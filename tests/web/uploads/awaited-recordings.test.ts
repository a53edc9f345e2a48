import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dropAwaited } from "#records/conversations/awaited-recordings.ts";
import { storedBytes } from "#records/accounts/storage-quota.ts";
import { newId } from "#records/ids.ts";
import { cancelRun } from "#records/runs/run-requests.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { meetingClient, until } from "../live/live-server.ts";
import { post } from "../requests.ts";
import { startWeb } from "../server.ts";
import type { TestPerson, TestWeb } from "../server.ts";
import { begin, send } from "./tus-requests.ts";

const wait = (web: TestWeb, person: TestPerson, json: object = { title: "Planning", language: "de" }) =>
  post(web, person, "/api/recordings", { json });

const bring = (web: TestWeb, person: TestPerson, id: string, bytes: Buffer<ArrayBuffer>) => {
  const body = new FormData();
  body.set("file", new Blob([bytes]), "talk.wav");
  return post(web, person, `/api/recordings/${id}/audio`, { body });
};

test("C-16 a recording is made without a file, watched at once, and starts when its sound comes", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const made = await wait(web, person);
  expect(made.status).toBe(201);
  const { id } = made.body;
  expect(made.body).toMatchObject({ status: "pending", links: { self: `/api/recordings/${id}` } });
  expect(await person.json(`/api/recordings/${id}`)).toMatchObject({
    title: "Planning",
    language: "de",
    status: "pending",
    stage: "upload",
    message: "Waiting for the sound",
    sizeBytes: 0,
  });
  expect(await storedBytes(db.prisma, person.userId)).toBe(0);
  expect(await db.prisma.outbox.count()).toBe(0);
  const token = person.token;
  using watcher = meetingClient(`${web.url.replace(/^http/, "ws")}/ws/meeting/${id}?token=${token}`, {
    origin: web.url,
  });
  await until(() => watcher.messages.length > 0, "the connection");
  expect(watcher.messages).toMatchObject([{ type: "connected", meeting_id: id }]);

  const bytes = randomBytes(2_000);
  expect(await bring(web, person, id, bytes)).toMatchObject({ status: 202, body: { id, status: "pending" } });
  expect(await db.prisma.outbox.findMany({ select: { kind: true } })).toEqual([{ kind: "run.start" }]);
  await until(() => watcher.messages.length > 1, "the news of the sound");
  expect(watcher.messages[1]).toMatchObject({ details: { message: "Audio received, starting processing" } });
  expect(await person.json(`/api/recordings/${id}`)).toMatchObject({ status: "pending", message: "Waiting to start" });
  const audio = await fetch(`${web.url}/api/recordings/${id}/audio`, { headers: person.headers });
  expect(Buffer.from(await audio.arrayBuffer()).equals(bytes)).toBe(true);
  expect(await storedBytes(db.prisma, person.userId)).toBe(2_000);
  expect(await bring(web, person, id, randomBytes(10))).toMatchObject({ status: 409, body: { code: "has_sound" } });
  expect(await readdir(join(web.mediaDir, "incoming"))).toEqual([]);
});

test("C-16 of two that bring sound at once one is taken, and its bytes stay", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const { id } = (await wait(web, person)).body;
  const sounds = [randomBytes(30_000), randomBytes(30_000), randomBytes(30_000)];
  const answers = await Promise.all(sounds.map((bytes) => bring(web, person, id, bytes)));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 409, 409]);
  const taken = sounds[answers.findIndex(({ status }) => status === 202)];
  const audio = await fetch(`${web.url}/api/recordings/${id}/audio`, { headers: person.headers });
  expect(Buffer.from(await audio.arrayBuffer()).equals(taken ?? Buffer.alloc(0))).toBe(true);
  expect(await readdir(join(web.mediaDir, "conversations", id))).toHaveLength(1);
});

test("C-16 the sound may come by tus, once", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [person, stranger] = [await web.signUp(), await web.signUp()];
  const { id: recordingId } = (await wait(web, person)).body;
  const bytes = randomBytes(5_000);
  const [first, second] = [
    await begin(web, person, 5_000, { recordingId }),
    await begin(web, person, 5_000, { recordingId }),
  ].map((answer) => answer.headers.get("location") ?? "");
  const last = await send(web, person, first ?? "", 0, bytes);
  expect([last.status, last.headers.get("x-conversation-id")]).toEqual([204, recordingId]);
  expect(await db.prisma.recording.findMany()).toMatchObject([{ id: recordingId, sizeBytes: 5_000n }]);
  expect(await db.prisma.outbox.findMany({ select: { kind: true } })).toEqual([{ kind: "run.start" }]);
  expect((await send(web, person, second ?? "", 0, bytes)).status).toBe(409);
  expect(await db.prisma.upload.count()).toBe(1);
  expect((await begin(web, person, 10, { recordingId })).status).toBe(409);
  expect((await begin(web, stranger, 10, { recordingId })).status).toBe(404);
  for (const none of [newId(), "nonsense"]) {
    expect((await begin(web, person, 10, { recordingId: none })).status).toBe(404);
  }
});

test("a recording that has had no sound for a day is removed, one whose sound is on its way is not", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  const [left, coming, young] = [await wait(web, person), await wait(web, person), await wait(web, person)];
  await begin(web, person, 100, { recordingId: coming.body.id });
  await db.prisma.conversation.updateMany({
    where: { id: { in: [left.body.id, coming.body.id] } },
    data: { createdAt: new Date(Date.now() - 25 * 3_600_000) },
  });
  await dropAwaited(db.prisma, new Date(Date.now() - 24 * 3_600_000));
  const ids = (await db.prisma.conversation.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id);
  expect(ids).toEqual([coming.body.id, young.body.id]);
});

test("what is not a recording to be made is refused, and one that was called off takes no sound", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [person, stranger] = [await web.signUp(), await web.signUp()];
  for (const json of [{}, { title: "" }, { title: 7 }, [], { title: "x", language: "no such tag!" }, "x"]) {
    expect((await wait(web, person, json as object)).status).toBe(400);
  }
  expect((await wait(web, person, { title: "x", workspaceId: stranger.workspaceId })).status).toBe(404);
  const { id } = (await wait(web, person, { title: "x" })).body;
  expect((await bring(web, stranger, id, randomBytes(10))).status).toBe(404);
  expect((await bring(web, person, id, Buffer.alloc(0))).status).toBe(400);
  const { id: runId } = await db.prisma.run.findFirstOrThrow({ where: { conversationId: id } });
  await cancelRun(db.prisma, person.userId, runId);
  await db.prisma.run.update({ where: { id: runId }, data: { status: "cancelled" } });
  expect(await bring(web, person, id, randomBytes(10))).toMatchObject({ status: 409, body: { code: "has_sound" } });
});
