import { expect, test } from "vitest";
import { requestAccountDeletion } from "#records/accounts/delete-account.ts";
import { workspaceTopic, userTopic } from "#domain/live.ts";
import { checkRightsEveryMs } from "#web/live/rights.ts";
import { announce } from "#records/live/feed.ts";
import { newId } from "#records/ids.ts";
import { rightfulWatches, watchKey } from "#records/live/watch-rights.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import {
  announceTick,
  connected,
  conversation,
  eventsOf,
  liveServer,
  pause,
  person,
  subscribe,
  topicOf,
  until,
} from "./live-server.ts";
import type { LiveServer, Person } from "./live-server.ts";

async function guest(server: LiveServer, db: TestDatabase, host: Person): Promise<Person> {
  const bob = await person(server, db);
  await db.prisma.membership.create({
    data: { userId: bob.userId, workspaceId: host.workspaceId, role: "viewer" },
  });
  return bob;
}

async function watching(server: LiveServer, token: string, topic: string) {
  const socket = server.socket(token);
  await connected(socket);
  const events = eventsOf(socket, topic);
  const ends: unknown[] = [];
  let signedOut = false;
  socket.on("gone", (end) => ends.push(end));
  socket.on("signed_out", () => (signedOut = true));
  expect(await subscribe(socket, topic, 0)).toMatchObject({ ok: true });
  return { socket, events, ends, wasSignedOut: () => signedOut };
}

test("C weak 10: a member who is removed without a word hears nothing more once rights are checked", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { checkRightsMs: 200 });
  const anna = await person(server, db);
  const bob = await guest(server, db, anna);
  const topic = topicOf(await conversation(db, anna));
  const [annas, bobs] = [await watching(server, anna.token, topic), await watching(server, bob.token, topic)];
  await announceTick(db, topic);
  await until(() => bobs.events.length === 1, "the first event");

  await db.prisma.membership.deleteMany({ where: { userId: bob.userId, workspaceId: anna.workspaceId } });
  await until(() => bobs.ends.length === 1, "the removal");
  await announceTick(db, topic);
  await until(() => annas.events.length === 2, "the second event");
  await pause(200);
  expect(bobs.events.length).toBe(1);
  expect(bobs.ends).toEqual([{ topic, code: "not_found" }]);
  expect(await subscribe(bobs.socket, topic, 0)).toMatchObject({ ok: false, code: "not_found" });
  // With the query's own time nobody hears anything five seconds after.
  expect(checkRightsEveryMs).toBeLessThanOrEqual(4_000);
});

test("C weak 10: a member whose removal is announced hears nothing more at once", async () => {
  await using db = await testDatabase();
  // No check finds it: the word alone does.
  await using server = await liveServer(db, { checkRightsMs: 600_000 });
  const anna = await person(server, db);
  const carl = await guest(server, db, anna);
  const topic = topicOf(await conversation(db, anna));
  const [annas, carls] = [await watching(server, anna.token, topic), await watching(server, carl.token, topic)];
  await announceTick(db, topic);
  await until(() => carls.events.length === 1, "the first event");

  await db.prisma.$transaction(async (tx) => {
    await tx.membership.deleteMany({ where: { userId: carl.userId, workspaceId: anna.workspaceId } });
    const data = { workspaceId: anna.workspaceId, role: null };
    await announce(tx, [{ topic: userTopic(carl.userId), type: "access.changed", data }]);
  });
  await until(() => carls.ends.length === 1, "the announced removal");
  await announceTick(db, topic);
  await until(() => annas.events.length === 2, "the second event");
  await pause(200);
  expect(carls.events.length).toBe(1);
});

test("C weak 10: a session that ends closes its sockets, and others' go on", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { checkRightsMs: 200 });
  const anna = await person(server, db);
  const bob = await guest(server, db, anna);
  const topic = topicOf(await conversation(db, anna));
  const [annas, bobs] = [await watching(server, anna.token, topic), await watching(server, bob.token, topic)];
  await db.prisma.session.delete({ where: { id: bob.sessionId } });
  await until(() => bobs.socket.disconnected, "the end of the connection", 5_000);
  expect(bobs.wasSignedOut()).toBe(true);
  await announceTick(db, topic);
  await until(() => annas.events.length === 1, "the others' event");
  expect(bobs.events).toEqual([]);
  const again = server.socket(bob.token);
  await expect(connected(again)).rejects.toMatchObject({ data: { code: "unauthenticated" } });
});

test("an account that is to be deleted is cut off at once", async () => {
  await using db = await testDatabase();
  // No check finds it: the word alone does.
  await using server = await liveServer(db, { checkRightsMs: 600_000 });
  const anna = await person(server, db);
  const bob = await guest(server, db, anna);
  const topic = topicOf(await conversation(db, anna));
  const [annas, bobs] = [await watching(server, anna.token, topic), await watching(server, bob.token, topic)];
  expect(await requestAccountDeletion(db.prisma, bob)).toEqual({ ok: true });
  await until(() => bobs.socket.disconnected, "the end of the connection", 5_000);
  expect(bobs.wasSignedOut()).toBe(true);
  expect(annas.socket.connected).toBe(true);
});

test("a deleted account hears nothing more", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { checkRightsMs: 200 });
  const anna = await person(server, db);
  const bob = await guest(server, db, anna);
  const bobs = await watching(server, bob.token, topicOf(await conversation(db, anna)));
  await db.prisma.user.delete({ where: { id: bob.userId } });
  await until(() => bobs.socket.disconnected, "the end of the connection", 5_000);
  expect(bobs.wasSignedOut()).toBe(true);
});

test("nobody without a token or with a bad one, and nobody from a foreign Origin, is let in", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  for (const token of ["", "nonsense", `${anna.token}x`]) {
    await expect(connected(server.socket(token))).rejects.toMatchObject({ data: { code: "unauthenticated" } });
  }
  const foreign = { extraHeaders: { origin: "https://evil.test" } };
  await expect(connected(server.socket(anna.token, foreign))).rejects.toThrow("websocket error");
  await connected(server.socket(anna.token, { extraHeaders: { origin: server.url } }));
});

test("the session cookie alone lets a browser in, and signing out ends its connection", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { checkRightsMs: 200 });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    server.auth.handler(
      new Request(`${server.url}/api/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: server.url, ...headers },
        body: JSON.stringify(body),
      }),
    );
  const answer = await post("sign-up/email", { email: "c@example.test", name: "C", password: "long enough 1" });
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");
  const user = await db.prisma.user.findUniqueOrThrow({ where: { email: "c@example.test" } });
  const socket = server.socket("", { auth: {}, extraHeaders: { cookie, origin: server.url } });
  await connected(socket);
  expect(await subscribe(socket, userTopic(user.id), 0)).toMatchObject({ ok: true });
  await post("sign-out", {}, { cookie });
  await until(() => socket.disconnected, "the end of the connection", 5_000);
});

test("another workspace's topics are not to be watched, nor malformed or unknown ones", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const [anna, bob] = [await person(server, db), await person(server, db)];
  const socket = server.socket(bob.token);
  await connected(socket);
  for (const topic of [
    topicOf(await conversation(db, anna)),
    workspaceTopic(anna.workspaceId),
    userTopic(anna.userId),
    topicOf(newId()),
    "conversation:not-an-id",
  ]) {
    expect(await subscribe(socket, topic, 0)).toMatchObject({ ok: false, code: "not_found" });
  }
  for (const topic of ["", "conversation", "secret:1", "conversation:a b", "x".repeat(101)]) {
    expect(await subscribe(socket, topic, 0)).toMatchObject({ ok: false, code: "invalid" });
  }
  expect(await subscribe(socket, userTopic(bob.userId), -1)).toMatchObject({ ok: false, code: "invalid" });
  expect(await subscribe(socket, userTopic(bob.userId), 0)).toMatchObject({ ok: true });
});

test("who may watch what, for many people in one query", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const [anna, bob] = [await person(server, db), await person(server, db)];
  const carl = await guest(server, db, anna);
  const [annas, bobs] = [topicOf(await conversation(db, anna)), topicOf(await conversation(db, bob))];
  const people = [anna, bob, carl];
  const topics = [
    annas,
    bobs,
    topicOf(newId()),
    `${annas}:more`,
    "conversation:not-an-id",
    ...people.flatMap(({ userId, workspaceId }) => [userTopic(userId), workspaceTopic(workspaceId)]),
  ];
  const rightful = await rightfulWatches(
    db.prisma,
    people.flatMap(({ userId }) => topics.map((topic) => ({ userId, topic }))),
  );
  const own = ({ userId, workspaceId }: Person) => [userTopic(userId), workspaceTopic(workspaceId)];
  const expected = [
    ...[...own(anna), annas].map((topic) => watchKey({ userId: anna.userId, topic })),
    ...[...own(bob), bobs].map((topic) => watchKey({ userId: bob.userId, topic })),
    ...[...own(carl), workspaceTopic(anna.workspaceId), annas].map((topic) => watchKey({ userId: carl.userId, topic })),
  ];
  expect([...rightful].toSorted()).toEqual(expected.toSorted());
});

test("a flood of messages and too many subscriptions are refused on one connection and hurt no other", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const calm = await watching(server, anna.token, topic);
  const socket = server.socket(anna.token);
  await connected(socket);
  const replies = await Promise.all(Array.from({ length: 400 }, () => subscribe(socket, "nonsense", 0)));
  expect(replies.filter((reply) => !reply.ok && reply.code === "limit").length).toBeGreaterThan(100);
  await announceTick(db, topic);
  await until(() => calm.events.length === 1, "the others' event");
});

test("C-65 too many connections from one address are refused, by all web processes together", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db, { connectionsPerMinute: 5 });
  await using other = await liveServer(db, { connectionsPerMinute: 5 });
  const anna = await person(server, db);
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => connected(server.socket(anna.token))));
  expect(results.filter(({ status }) => status === "fulfilled").length).toBe(5);
  expect(await server.metrics.metrics()).toContain('convene_live_refused_total{kind="socket.io",reason="rate"} 3');
  await expect(connected(other.socket(anna.token))).rejects.toThrow("websocket error");
});

test("Socket.IO's own client comes back by itself after the database was away", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  await db.prisma.$executeRaw`ALTER TABLE session RENAME TO session_away`;
  const socket = server.socket(anna.token, { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 });
  let tries = 0;
  socket.io.on("reconnect_attempt", () => (tries += 1));
  socket.connect();
  await until(() => tries >= 2, "tries while nobody can be told apart");
  expect(socket.connected).toBe(false);

  await db.prisma.$executeRaw`ALTER TABLE session_away RENAME TO session`;
  await until(() => socket.connected, "the connection");
});
