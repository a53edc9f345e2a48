import { expect, test } from "vitest";
import type { RunEvent } from "#domain/run.ts";
import type { Stage } from "#domain/stages.ts";
import { storeAnalysis } from "#records/analyses.ts";
import { deleteConversation } from "#records/conversations.ts";
import { announce } from "#records/feed.ts";
import { newId } from "#records/ids.ts";
import { createRecording } from "#records/recordings.ts";
import { applyRunEvent } from "#records/runs.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { addSegment, liveServer, meetingClient, pause, person, until } from "./live-server.ts";
import type { Person } from "./live-server.ts";

type Messages = Record<string, unknown>[];
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A recording as an upload leaves it. */
async function recording({ prisma }: TestDatabase, { userId, workspaceId }: Person): Promise<string> {
  const id = newId();
  const file = { title: "A call", language: "en", fileName: "a.wav", mediaKey: id, sizeBytes: 1, speakerCount: null };
  const sha256 = id.replaceAll("-", "").padEnd(64, "0");
  await createRecording(prisma, { id, ownerId: userId, workspaceId, ...file, sha256, allowDuplicate: false });
  return id;
}

/** What the worker does to a run, one step at a time. */
function worker({ prisma }: TestDatabase, conversationId: string) {
  const move = async (event: RunEvent) => {
    const { id } = await prisma.run.findFirstOrThrow({ where: { conversationId } });
    await prisma.$transaction((tx) => applyRunEvent(tx, id, event));
  };
  const stages = async (...names: Stage[]) => {
    for (const stage of names) await move({ type: "stage", stage });
  };
  const summarise = () =>
    prisma.$transaction(async (tx) => {
      const items = ["Review PRs", "Update docs"].map((text) => ({ text, owner: null, due: null, segmentIds: [] }));
      const result = { text: "The team discussed the timeline.", bullets: [], actionItems: items, notes: [] };
      const made = { result, model: "extractive", promptVersion: "1", costCents: 0 };
      await announce(tx, await storeAnalysis(tx, { conversationId, version: 1 }, made));
    });
  return { move, stages, summarise };
}

async function runWhole(db: TestDatabase, id: string) {
  const { move, stages, summarise } = worker(db, id);
  await move({ type: "started" });
  await stages("upload", "transcode", "diarization", "transcription", "alignment");
  await addSegment(db, id, { text: "Hello everyone", speaker: "SPEAKER_01", start: 1.2 });
  await addSegment(db, id, { text: "Hi there", speaker: "SPEAKER_02", start: 2.5, end: 3 });
  await stages("summary");
  await summarise();
  await move({ type: "completed" });
}

const status = (stage: string, words: string, of = "processing") => ({
  type: "status",
  status: of,
  details: { message: words, stage },
  timestamp: expect.stringMatching(isoTime) as string,
});
const line = (speaker: string, text: string, timestamp: number) => ({
  type: "transcript",
  segment: { id: expect.any(String) as string, speaker, text, timestamp },
  timestamp: expect.stringMatching(isoTime) as string,
});
const wholeSequence = (id: string) => [
  {
    type: "connected",
    meeting_id: id,
    message: "Connected to real-time meeting updates",
    timestamp: expect.stringMatching(isoTime) as string,
  },
  status("upload", "Audio received, starting processing"),
  status("diarization", "Starting speaker diarization…"),
  status("transcription", "Transcribing audio…"),
  status("alignment", "Aligning transcript with speakers…"),
  line("SPEAKER_01", "Hello everyone", 1.2),
  line("SPEAKER_02", "Hi there", 2.5),
  {
    type: "summary",
    summary: "The team discussed the timeline.",
    action_items: ["Review PRs", "Update docs"],
    timestamp: expect.stringMatching(isoTime) as string,
  },
  status("done", "Processing completed", "completed"),
];
const withoutSeq = (messages: Messages) => messages.map(({ seq: _, ...message }) => message);
const isOver = (messages: Messages) => messages.some(({ status }) => status === "completed");

test("C-9 C-17 to C-34 C-48 to C-50 a client that is there from the start sees the whole run as it happens", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using client = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => client.messages.length >= 2, "the history");
  await runWhole(db, id);
  await until(() => isOver(client.messages), "completion");
  expect(withoutSeq(client.messages)).toEqual(wholeSequence(id));
});

test("C weak 2: clients that come late, at any moment, see the very same sequence", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const running = runWhole(db, id);
  const clients = [];
  for (let late = 0; late < 15; late += 1) {
    clients.push(meetingClient(server.meetingUrl(id, { token: anna.token })));
    await pause(10);
  }
  await running;
  clients.push(meetingClient(server.meetingUrl(id, { token: anna.token })));
  for (const client of clients) {
    await until(() => isOver(client.messages), "completion");
    expect(withoutSeq(client.messages)).toEqual(wholeSequence(id));
    client.ws.terminate();
  }
});

test("C-13 a client that resumes after the last number it saw gets the rest and nothing twice", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const { move, stages } = worker(db, id);
  await move({ type: "started" });
  await stages("diarization", "transcription", "alignment");
  await addSegment(db, id, { text: "one" });
  using first = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => first.messages.some(({ type }) => type === "transcript"), "the first segment");
  const seq = String(first.messages.findLast((message) => "seq" in message)?.["seq"]);
  first.ws.terminate();
  await addSegment(db, id, { text: "two" });
  using again = meetingClient(server.meetingUrl(id, { token: anna.token, after: seq }));
  await addSegment(db, id, { text: "three" });
  await until(() => again.messages.length === 3, "the rest");
  expect(again.messages.map(({ segment }) => (segment as { text: string } | undefined)?.text)).toEqual([
    undefined,
    "two",
    "three",
  ]);
});

test("C-23 C-30 C weak 6: a failed run ends with its error, live and for a late client", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using early = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => early.messages.length === 2, "the history");
  const { move, stages } = worker(db, id);
  await move({ type: "started" });
  await stages("transcode");
  const message = "This file has no sound in it that we can read. Upload an audio or video file.";
  await move({ type: "failed", error: { code: "not_audio", message, stage: "transcode", attempt: 1 } });
  using late = meetingClient(server.meetingUrl(id, { token: anna.token }));
  for (const client of [early, late]) {
    await until(() => client.messages.length === 3, "the error");
    expect(withoutSeq(client.messages).at(-1)).toEqual({
      type: "error",
      error: message,
      timestamp: expect.stringMatching(isoTime) as string,
    });
  }
});

test("C-10 C-11 C-65 bad tokens, foreign Origins and other people's meetings are refused before the connection is accepted", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const [anna, bob] = [await person(server, db), await person(server, db)];
  const id = await recording(db, anna);
  const refusalOf = async (meeting: string, query: Record<string, string>, origin?: string) => {
    using client = meetingClient(server.meetingUrl(meeting, query), origin === undefined ? {} : { origin });
    await until(() => client.refusedWith() !== null || client.messages.length > 0, "an answer");
    return client.refusedWith();
  };
  const [header = "", payload = "", signature = ""] = anna.token.split(".");
  const none = `${Buffer.from('{"alg":"none","typ":"live+jwt"}').toString("base64url")}.${payload}.`;
  for (const token of ["", "x", none, `${header}.${payload}.`, `${header}.${payload}.${signature.slice(2)}xx`]) {
    expect(await refusalOf(id, { token })).toBe(401);
  }
  expect(await refusalOf(id, {})).toBe(401);
  expect(await refusalOf(id, { token: anna.token }, "https://evil.test")).toBe(403);
  expect(await refusalOf(id, { token: anna.token }, "null")).toBe(403);
  expect(await refusalOf(id, { token: bob.token })).toBe(404);
  expect(await refusalOf(newId(), { token: anna.token })).toBe(404);
  expect(await refusalOf("abc123", { token: anna.token })).toBe(404);
  expect(await refusalOf(id, { token: anna.token, after: "-1" })).toBe(400);
  expect(await refusalOf(id, { token: anna.token }, server.url)).toBe(null);
  await db.prisma.session.delete({ where: { id: anna.sessionId } });
  expect(await refusalOf(id, { token: anna.token })).toBe(401);
});

test("C-65 too many connections are answered 429", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { connectionsPerMinute: 2 });
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const answers = [];
  for (let turn = 0; turn < 3; turn += 1) {
    using client = meetingClient(server.meetingUrl(id, { token: anna.token }));
    await until(() => client.refusedWith() !== null || client.messages.length > 0, "an answer");
    answers.push(client.refusedWith());
  }
  expect(answers).toEqual([null, null, 429]);
});

test("C-12 C-15 a text ping is answered, everything else a client says is ignored, a flood ends the connection", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using client = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => client.messages.length === 2, "the history");
  for (const text of ["", "nonsense", "null", '{"type":"subscribe"}', '{"type":"ping"}']) client.ws.send(text);
  client.ws.send(Buffer.from([1, 2, 3]));
  await until(() => client.messages.length === 3, "the pong");
  expect(client.messages[2]).toEqual({ type: "pong", timestamp: expect.stringMatching(isoTime) as string });
  for (let turn = 0; turn < 50; turn += 1) client.ws.send('{"type":"ping"}');
  await until(() => client.end() !== null, "the end");
  expect(client.end()?.code).toBe(1008);
  using loud = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => loud.messages.length === 2, "the history");
  loud.ws.send("x".repeat(2_000));
  await until(() => loud.end() !== null, "the end");
  expect(loud.end()?.code).toBe(1009);
});

test("C weak 10: an expired token, a revoked session, lost access and a deleted meeting each end with their code", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { checkRightsMs: 200 });
  const [anna, bob, carl] = [await person(server, db), await person(server, db), await person(server, db)];
  const id = await recording(db, anna);
  for (const { userId } of [bob, carl]) {
    await db.prisma.membership.create({ data: { userId, workspaceId: anna.workspaceId, role: "viewer" } });
  }
  const [annas, bobs, carls] = [anna, bob, carl].map(({ token }) => meetingClient(server.meetingUrl(id, { token })));
  if (!annas || !bobs || !carls) throw new Error("three clients");
  await until(() => [annas, bobs, carls].every(({ messages }) => messages.length === 2), "the history");

  await db.prisma.session.delete({ where: { id: bob.sessionId } });
  await db.prisma.membership.deleteMany({ where: { userId: carl.userId, workspaceId: anna.workspaceId } });
  await until(() => bobs.end() !== null && carls.end() !== null, "the two ends", 5_000);
  expect(bobs.end()?.code).toBe(4401);
  expect(carls.end()?.code).toBe(4403);
  await addSegment(db, id);
  await until(() => annas.messages.length === 3, "what the others may see");
  expect([bobs.messages.length, carls.messages.length]).toEqual([2, 2]);

  await deleteConversation(db.prisma, { userId: anna.userId, id });
  await until(() => annas.end() !== null, "the end of the deleted");
  expect(annas.end()?.code).toBe(4404);
});

test("C weak 10: a connection ends when its token expires", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await recording(db, anna);
  const verify = server.auth.verifyLiveToken;
  const shortLived = await verify(anna.token);
  if (shortLived === null) throw new Error("no grant");
  // The real grant, only nearer its end than five minutes.
  server.auth.verifyLiveToken = async () => ({ ...shortLived, expiresAt: Date.now() + 400 });
  using client = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => client.messages.length === 2, "the history");
  await until(() => client.end() !== null, "the end", 5_000);
  expect(client.end()?.code).toBe(4401);
});

test("C weak 14: a client that answers no ping is dropped, one that does stays", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { pingMs: 300, pongTimeoutMs: 200 });
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using dead = meetingClient(server.meetingUrl(id, { token: anna.token }), { autoPong: false });
  using alive = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => dead.end() !== null, "the end of the silent one", 5_000);
  await pause(700);
  expect(alive.end()).toBe(null);
  expect(await server.metrics.metrics()).toContain('convene_live_cut_total{kind="meeting",reason="silent"} 1');
});

test("C-14 a server that restarts says so", async () => {
  await using db = await testDatabase();
  const server = await liveServer(db);
  const anna = await person(server, db);
  using client = meetingClient(server.meetingUrl(await recording(db, anna), { token: anna.token }));
  await until(() => client.messages.length === 2, "the history");
  expect(await server.metrics.metrics()).toContain('convene_live_connections{kind="meeting"} 1');
  await server[Symbol.asyncDispose]();
  await until(() => client.end() !== null, "the end");
  expect(client.end()?.code).toBe(1001);
});

test("an upgrade for a path that nobody serves is not kept open, and other paths under /ws are not found", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  using client = meetingClient(`ws://127.0.0.1:${server.port}/ws/other?token=${anna.token}`);
  await until(() => client.refusedWith() !== null, "an answer");
  expect(client.refusedWith()).toBe(404);
});

test("C-4 C-46 what is said of one meeting reaches only its own clients", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const [first, second] = [await recording(db, anna), await recording(db, anna)];
  using one = meetingClient(server.meetingUrl(first, { token: anna.token }));
  using two = meetingClient(server.meetingUrl(second, { token: anna.token }));
  await until(() => one.messages.length === 2 && two.messages.length === 2, "the history");
  await addSegment(db, first);
  await until(() => one.messages.length === 3, "the segment");
  await pause(100);
  expect(two.messages.length).toBe(2);
});
