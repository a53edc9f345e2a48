import { expect, test } from "vitest";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { addSegment, liveServer, meetingClient, person, until } from "./live-server.ts";
import { recording } from "../recording-run.ts";

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

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
  await using server = await liveServer(db, { pingMs: 1_500, pongTimeoutMs: 1_000 });
  const anna = await person(server, db);
  const id = await recording(db, anna);
  using dead = meetingClient(server.meetingUrl(id, { token: anna.token }), { autoPong: false });
  using alive = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => dead.end() !== null, "the end of the silent one");
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
