import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { announce } from "#records/live/feed.ts";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import {
  connected,
  conversation,
  eventsOf,
  liveServer,
  meetingClient,
  person,
  subscribe,
  topicOf,
  until,
  upTo,
} from "./live-server.ts";
import type { TestSocket } from "./live-server.ts";

const FAT = "x".repeat(100_000);

/** A segment's event with more text than any segment has, to fill buffers quickly. */
function announceFat({ prisma }: TestDatabase, topic: string) {
  const data = { id: newId(), sequenceNumber: 1, speaker: "SPEAKER_01", text: FAT, start: 0, end: 1 };
  return prisma.$transaction((tx) => announce(tx, [{ topic, type: "segment.added", data }]));
}

/** Stops reading from the network, as a laptop with its lid closed does. */
const stopReading = (socket: TestSocket) => (socket.io.engine.transport as unknown as { ws: WebSocket }).ws.pause();

test("C weak 9: a Socket.IO client that does not read is cut, resumes when it is back, and the others notice nothing", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const topic = topicOf(await conversation(db, anna));
  const [slow, fast] = [server.socket(anna.token), server.socket(anna.token)];
  const [slowEvents, fastEvents] = [eventsOf(slow, topic), eventsOf(fast, topic)];
  for (const socket of [slow, fast]) {
    await connected(socket);
    await subscribe(socket, topic, 0);
  }
  stopReading(slow);
  const isCut = async () =>
    (await server.metrics.metrics()).includes('convene_live_cut_total{kind="socket.io",reason="slow"} 1');
  let sent = 0;
  while (!(await isCut())) {
    expect(sent).toBeLessThan(300);
    await announceFat(db, topic);
    sent += 1;
  }
  await until(() => fastEvents.length === sent, "the others' events");
  expect(fastEvents.map(({ seq }) => seq)).toEqual(upTo(sent));
  expect(server.io.of("/").sockets.size).toBe(1);
  const last = slowEvents.at(-1)?.seq ?? 0;
  const again = server.socket(anna.token);
  const rest = eventsOf(again, topic);
  await connected(again);
  await subscribe(again, topic, last);
  await until(() => rest.length === sent - last, "the rest");
  expect(rest.map(({ seq }) => seq)).toEqual(upTo(sent, last + 1));
});

test("C weak 9: a meeting client that does not read is cut, and the others notice nothing", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await conversation(db, anna);
  using slow = meetingClient(server.meetingUrl(id, { token: anna.token }));
  using fast = meetingClient(server.meetingUrl(id, { token: anna.token }));
  await until(() => slow.messages.length === 1 && fast.messages.length === 1, "the connection");
  slow.ws.pause();
  const isCut = async () =>
    (await server.metrics.metrics()).includes('convene_live_cut_total{kind="meeting",reason="slow"} 1');
  let sent = 0;
  while (!(await isCut())) {
    expect(sent).toBeLessThan(300);
    await announceFat(db, topicOf(id));
    sent += 1;
  }
  await until(() => fast.messages.length === sent + 1, "the others' messages");
  slow.ws.resume();
  await until(() => slow.end() !== null, "the end of the slow one");
  expect([4408, 1006]).toContain(slow.end()?.code);
});

test("C weak 9: a client that dies without a word takes nothing from the others", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const id = await conversation(db, anna);
  const clients = upTo(10).map(() => meetingClient(server.meetingUrl(id, { token: anna.token })));
  await until(() => clients.every(({ messages }) => messages.length === 1), "the connections");
  for (const [index, client] of clients.entries()) {
    if (index % 2 === 0) client.ws.terminate();
    await announceFat(db, topicOf(id));
  }
  const left = clients.filter((_, index) => index % 2 === 1);
  await until(() => left.every(({ messages }) => messages.length === 11), "every message");
  expect(await server.metrics.metrics()).toContain('convene_live_connections{kind="meeting"} 5');
  for (const client of left) client.ws.terminate();
});
