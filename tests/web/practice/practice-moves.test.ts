import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import { pino } from "pino";
import { expect, test } from "vitest";
import { newId } from "#records/ids.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { machineAddress } from "#web/practice/own-address.ts";
import { createPresence } from "#web/practice/presence.ts";
import { pause, until } from "../live/live-server.ts";
import {
  inboxOf,
  practiceClient,
  practiceMeeting,
  practiceServer,
  testAgent,
  tickets,
  untilTold,
} from "./practice-setup.ts";
import { webProcess } from "../web-process.ts";

const startsIn = async (...args: Parameters<typeof inboxOf>) =>
  (await inboxOf(...args)).filter(({ type }) => type === "call.session_started").length;

test("people who reach another process are passed on to the one that holds the room", async () => {
  await using db = await testDatabase();
  await using holder = await practiceServer(db);
  await using other = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await holder.join({ meetingId, name: "Anna" });
  const ben = await other.join({ meetingId, name: "Ben", role: "host" });
  await until(() => anna.people().length === 2 && ben.people().length === 2, "each other");
  const ada = await testAgent(db, meetingId);
  ben.send({ type: "say", text: "From afar" });
  ben.ws.send(Buffer.alloc(3_200));
  await until(() => ada.orders.some(({ type }) => type === "say") && ada.sounds.length === 1, "words and sound");
  expect(anna.captions()[0]).toMatchObject({ name: "Ben", text: "From afar" });
  ben.send({ type: "end" });
  await until(() => ben.end() !== null && anna.end() !== null, "the end for everybody");
  expect([ben.end(), anna.end()]).toEqual([4410, 4410]);
  expect(await startsIn(db, meetingId)).toBe(1);
  await untilTold(db, meetingId, "call.session_ended");
});

test("a process that ends in order gives its rooms up, and the call goes on in another at once", async () => {
  await using db = await testDatabase();
  const first = await practiceServer(db, { graceMs: 60_000 });
  await using second = await practiceServer(db, { graceMs: 60_000 });
  const meetingId = await practiceMeeting(db);
  const participantId = newId();
  const before = await first.join({ meetingId, participantId });
  await first[Symbol.asyncDispose]();
  await until(() => before.end() !== null, "the farewell");
  expect(before.end()).toBe(1001);
  const after = await second.join({ meetingId, participantId });
  expect(after.of("joined")[0]?.sessionId).toBe(before.of("joined")[0]?.sessionId);
  expect(await startsIn(db, meetingId)).toBe(1);
  expect((await inboxOf(db, meetingId)).some(({ type }) => type === "call.session_ended")).toBe(false);
});

test("a process that ends sends those it only passes on away too, and its port is free soon", async () => {
  await using db = await testDatabase();
  await using holder = await practiceServer(db, { graceMs: 60_000 });
  const passing = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await holder.join({ meetingId });
  const ben = await passing.join({ meetingId, name: "Ben" });
  await until(() => anna.people().length === 2, "both people");
  await passing.practice.close();
  await until(() => ben.end() !== null, "the farewell");
  expect(ben.end()).toBe(1001);
  await passing.closed();
  await until(() => anna.people().some(({ away }) => away), "Ben's absence, in his grace");
});

test("a room whose process was killed is carried on by another at once, however long its lease", async () => {
  await using db = await testDatabase();
  const killed = await webProcess({
    DATABASE_URL: db.url,
    CONVENE_SECRET: "a secret for tests only, 32 or more",
    LOG_LEVEL: "info",
  });
  await until(() => killed.output().includes("listening"), "the process that is to be killed");
  await using second = await practiceServer(db, { graceMs: 60_000, leaseMs: 3_600_000 });
  const meetingId = await practiceMeeting(db);
  const participantId = newId();
  const ticket = await tickets.issueTicket({ meetingId, participantId, name: "Anna", role: "member" });
  const before = practiceClient(`${killed.url.replace("http", "ws")}/ws/practice/${meetingId}?ticket=${ticket}`);
  await until(() => before.of("joined").length === 1, "the room in the first process");
  const passedOn = await second.join({ meetingId, name: "Ben" });
  killed.child.kill("SIGKILL");
  await killed.exit;
  await until(() => passedOn.end() !== null, "the end of the passed-on connection");
  // Postgres may not have noticed the death yet; then the browser is told to come again (1013).
  const session = async () => (await second.join({ meetingId, participantId })).of("joined")[0]?.sessionId;
  await expect.poll(session).toBe(before.of("joined")[0]?.sessionId);
  expect(await startsIn(db, meetingId)).toBe(1);
});

test("a web process refuses to start under the address of another one that lives, and takes a dead one's", async () => {
  await using db = await testDatabase();
  const address = () => "http://web:3000";
  const first = await practiceServer(db, { address });
  await expect(practiceServer(db, { address, patienceMs: 0 })).rejects.toThrow(
    "INTERNAL_URL: another web process that runs now has the address http://web:3000; each process needs its own",
  );
  await first[Symbol.asyncDispose]();
  await using _next = await practiceServer(db, { address });
});

test("a process that listens on all addresses is reached at one that other machines know too", () => {
  const entry = (address: string, family: "IPv4" | "IPv6", internal = false) =>
    ({ address, family, internal, netmask: "", mac: "", cidr: null, scopeid: 0 }) as NetworkInterfaceInfo;
  const lo = [entry("127.0.0.1", "IPv4", true), entry("::1", "IPv6", true)];
  const six = entry("2001:db8::7", "IPv6");
  expect(machineAddress({ lo, eth0: [entry("fe80::1", "IPv6"), six, entry("10.1.2.3", "IPv4")] })).toBe("10.1.2.3");
  expect(machineAddress({ lo, eth0: [entry("169.254.1.1", "IPv4"), six] })).toBe("2001:db8::7");
  expect(machineAddress({ lo })).toBe("127.0.0.1");
});

test("a process whose connection to the database was cut keeps its rooms and its address", async () => {
  await using db = await testDatabase();
  await using first = await practiceServer(db, { graceMs: 60_000 });
  await using second = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await first.join({ meetingId });
  const held =
    "SELECT pid FROM pg_locks JOIN pg_database ON oid = database WHERE locktype = 'advisory' AND datname = current_database()";
  const pids = async () => (await db.pool.query<{ pid: number }>(held)).rows.map(({ pid }) => pid);
  const before = await pids();
  expect(before).toHaveLength(4);
  await db.pool.query("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", [before]);
  await expect
    .poll(async () => (await pids()).filter((pid) => !before.includes(pid)), { timeout: 15_000 })
    .toHaveLength(4);
  const ben = await second.join({ meetingId, name: "Ben" });
  await until(() => anna.people().length === 2 && ben.people().length === 2, "each other");
});

test("a process that hangs keeps its rooms for its lease; then another carries the same session on", async () => {
  await using db = await testDatabase();
  const first = await practiceServer(db, { graceMs: 60_000, heartbeatMs: 100_000 });
  await using second = await practiceServer(db, { graceMs: 60_000 });
  const meetingId = await practiceMeeting(db);
  const participantId = newId();
  const before = await first.join({ meetingId, participantId });
  first.hang();
  const early = await second.join({ meetingId, participantId });
  await until(() => early.end() !== null, "the closed door");
  // Not over, only not to be reached: the browser comes again.
  expect(early.end()).toBe(1013);
  await db.prisma.practiceRoom.update({ where: { meetingId }, data: { seenAt: new Date(Date.now() - 600_000) } });
  const after = await second.join({ meetingId, participantId });
  expect(after.of("joined")[0]?.sessionId).toBe(before.of("joined")[0]?.sessionId);
  expect(await startsIn(db, meetingId)).toBe(1);
  await testAgent(db, meetingId);
  await until(() => after.agent()?.state === "listening", "the agent, who found the new address");
  await first[Symbol.asyncDispose]();
});

test("a process that was thought dead sends its people to the one that took over", async () => {
  await using db = await testDatabase();
  await using first = await practiceServer(db, { graceMs: 60_000 });
  const meetingId = await practiceMeeting(db);
  const participantId = newId();
  const before = await first.join({ meetingId, participantId });
  await db.prisma.practiceRoom.update({
    where: { meetingId },
    data: { holder: "another", address: "http://127.0.0.1:9" },
  });
  await until(() => before.end() !== null, "the farewell");
  expect(before.end()).toBe(1012);
  expect((await inboxOf(db, meetingId)).some(({ type }) => type === "call.session_ended")).toBe(false);
});

test("the start and the end of a call survive a database that was away", async () => {
  await using db = await testDatabase();
  await using server = await practiceServer(db);
  const meetingId = await practiceMeeting(db);
  const anna = await server.join({ meetingId });
  await db.prisma.$executeRawUnsafe("ALTER TABLE webhook_delivery RENAME TO away");
  anna.send({ type: "leave" });
  await until(() => anna.end() !== null, "the end, which waits for no database");
  expect(anna.end()).toBe(4410);
  await pause(400);
  await db.prisma.$executeRawUnsafe("ALTER TABLE away RENAME TO webhook_delivery");
  await untilTold(db, meetingId, "call.session_ended");
  const row = () => db.prisma.practiceRoom.findUniqueOrThrow({ where: { meetingId } });
  while ((await row()).endedAt === null) await pause(20);
});

test("a process that is told to stop while its database does not answer does stop", async () => {
  const silent = createServer((socket) => void socket.resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const presence = createPresence({
    databaseUrl: `postgres://convene@127.0.0.1:${port}/convene`,
    log: pino({ level: "silent" }),
  });
  const reached = once(silent, "connection");
  void presence.begin("http://127.0.0.1:1").catch(() => undefined);
  await reached;
  await presence.close();
  expect(presence.isSeen()).toBe(false);
  silent.close();
});
