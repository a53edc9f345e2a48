import { pino } from "pino";
import { io } from "socket.io-client";
import { expect, test } from "vitest";
import { channelTopic } from "#domain/live.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { addChannelRows } from "#tests/channels/channel-fixtures.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { createLiveClient } from "#web/live-client/live-client.ts";
import { liveServer, person } from "./live-server.ts";

test("D-5 D-71 connecting, subscribing, what is told, and leaving are in the log with the socket's id, and no words of a person", async () => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const log = pino({ level: "debug", base: null, timestamp: false }, { write });
  await using db = await testDatabase();
  await using server = await liveServer(db, { log });
  const anna = await person(server, db);
  const { channel, job } = await addChannelRows(db.prisma, anna);
  await db.prisma.$transaction(async (tx) => {
    await applyRunEvent(tx, job, { type: "started" });
    await applyRunEvent(tx, job, { type: "stage", stage: "downloading" });
  });

  const socket = io(server.url, { transports: ["websocket"], auth: { token: anna.token }, reconnection: false });
  socket.on("connect", () => socket.emit("subscribe:agent", channel));
  await new Promise((resolve) => socket.once("job:progress", resolve));
  const { id } = socket;
  socket.emit("unsubscribe:agent", channel);
  socket.emit("subscribe:agent", channel);
  await new Promise((resolve) => socket.once("job:progress", resolve));
  socket.disconnect();
  await expect.poll(() => lines.at(-1)?.["msg"]).toBe("live connection closed");
  const follows = { level: 30, socket: id, agentId: channel, msg: "live connection follows a channel" };
  const told = { level: 20, socket: id, agentId: channel, events: ["job:progress"], msg: "live connection was told" };
  const leaves = { level: 30, socket: id, agentId: channel, msg: "live connection leaves a channel" };
  expect(lines).toEqual([
    { level: 30, socket: id, msg: "live connection opened" },
    follows,
    told,
    leaves,
    follows,
    told,
    { level: 30, socket: id, msg: "live connection closed" },
  ]);
});

test("D-52 all that a tab follows goes over one connection, which stays as pages change and is forgotten at its end", async () => {
  await using db = await testDatabase();
  await using server = await liveServer(db);
  const anna = await person(server, db);
  const channels = [await addChannelRows(db.prisma, anna), await addChannelRows(db.prisma, anna)];
  let opened = 0;
  server.io.on("connection", () => (opened += 1));
  const open = () => server.io.of("/").sockets.size;
  const connectSocket = () => createLiveClient({ url: server.url, token: async () => anna.token });
  const heardBy = (client: ReturnType<typeof connectSocket>, channel: string) => {
    const types: string[] = [];
    const nothing = () => undefined;
    const handlers = {
      onEvent: ({ type }: { type: string }) => void types.push(type),
      onGap: nothing,
      onGone: nothing,
    };
    return { types, ...client.watch(channelTopic(channel), 0, handlers) };
  };

  const client = connectSocket();
  const heard = channels.map(({ channel }) => heardBy(client, channel));
  for (const { types } of heard) await expect.poll(() => types).toContain("run.created");
  heard.forEach(({ stop }) => stop());
  const again = heardBy(client, channels[0]?.channel ?? "");
  await expect.poll(() => again.types).toContain("run.created");
  expect([opened, open()]).toEqual([1, 1]);

  client.close();
  await expect.poll(open).toBe(0);
  const next = connectSocket();
  const later = heardBy(next, channels[1]?.channel ?? "");
  await expect.poll(() => later.types).toContain("run.created");
  expect([opened, open()]).toEqual([2, 1]);
  next.close();
});
