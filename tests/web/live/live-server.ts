import type { AddressInfo } from "node:net";
import express from "express";
import { pino } from "pino";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import { io as connectSocket } from "socket.io-client";
import type { Socket } from "socket.io-client";
import { WebSocket } from "ws";
import { conversationTopic } from "#domain/live.ts";
import type { DeliveredEvent, LiveClientEvents, LiveServerEvents, SubscribeReply } from "#domain/live.ts";
import { announce } from "#records/live/feed.ts";
import { newId } from "#records/ids.ts";
import type { NewSegment } from "#records/conversations/segments.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import { createAuth } from "#web/auth/auth.ts";
import { parseWebEnv } from "#web/env.ts";
import { answerErrors } from "#web/http/errors.ts";
import { createHttpServer } from "#web/http/http-server.ts";
import { attachLive } from "#web/live/attach.ts";
import { createLiveFeed } from "#web/live/live-feed.ts";
import type { LiveFeedOptions } from "#web/live/live-feed.ts";
import type { LiveOptions } from "#web/live/attach.ts";
import { createMeetingAnswer } from "#web/live/meeting-answer.ts";

export type LiveServer = Awaited<ReturnType<typeof liveServer>>;
export type TestSocket = Socket<LiveServerEvents, LiveClientEvents>;

/** A web process as far as the live feed goes, on a port of its own. */
export async function liveServer(
  db: TestDatabase,
  { log = pino({ level: "silent" }), ...options }: LiveOptions & LiveFeedOptions & { log?: Logger } = {},
) {
  const http = createHttpServer();
  const app = express();
  const httpServer = http.server.on("request", app);
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  const { port } = httpServer.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const env = parseWebEnv({
    DATABASE_URL: db.url,
    PUBLIC_URL: url,
    CONVENE_SECRET: "a secret for tests only, 32 or more",
    SEAL_KEYS: testSealKeys,
  });
  const auth = createAuth({ env, prisma: db.prisma });
  const metrics = new Registry();
  app.use(createMeetingAnswer({ prisma: db.prisma, auth }), answerErrors(log));
  const feed = createLiveFeed({ env, log, prisma: db.prisma, auth, metrics }, { pollMs: 200, ...options });
  const live = attachLive(
    http,
    { env, log, prisma: db.prisma, auth, feed },
    { connectionsPerMinute: 100_000, ...options },
  );
  const sockets = new Set<TestSocket>();

  return {
    ...live,
    url,
    port,
    auth,
    metrics,
    httpServer,
    /** A Socket.IO client, not yet connected; it does not reconnect by itself. */
    socket(token: string, extra: Parameters<typeof connectSocket>[1] = {}): TestSocket {
      const socket: TestSocket = connectSocket(url, {
        auth: { token },
        transports: ["websocket"],
        reconnection: false,
        autoConnect: false,
        forceNew: true,
        ...extra,
      });
      sockets.add(socket);
      return socket;
    },
    meetingUrl: (id: string, query: Record<string, string>) =>
      `ws://127.0.0.1:${port}/ws/meeting/${id}?${new URLSearchParams(query)}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.disconnect();
      await live.close();
      httpServer.closeAllConnections();
      await new Promise((resolve) => httpServer.close(resolve));
    },
  };
}

export interface Person {
  userId: string;
  workspaceId: string;
  sessionId: string;
  token: string;
}

/** An account with a workspace, a session and a live token. */
export async function person({ auth }: Pick<LiveServer, "auth">, { prisma }: TestDatabase): Promise<Person> {
  const userId = newId();
  const sessionId = newId();
  await prisma.user.create({ data: { id: userId, name: "Test", email: `${userId}@example.test` } });
  const workspace = await prisma.workspace.create({ data: { id: newId(), name: "Home", personalOfId: userId } });
  await prisma.membership.create({ data: { userId, workspaceId: workspace.id, role: "owner" } });
  await prisma.session.create({
    data: { id: sessionId, userId, token: newId(), expiresAt: new Date(Date.now() + 3_600_000) },
  });
  const token = await auth.issueLiveToken({ userId, credential: { via: "session", id: sessionId } });
  return { userId, workspaceId: workspace.id, sessionId, token };
}

/** A conversation with no run, for feeds written by the test itself. */
export async function conversation({ prisma }: TestDatabase, { userId, workspaceId }: Person): Promise<string> {
  const id = newId();
  await prisma.conversation.create({ data: { id, kind: "recording", title: "A test", ownerId: userId, workspaceId } });
  return id;
}

/** Stores and announces one segment, as the worker does. */
export function addSegment(
  { prisma }: Pick<TestDatabase, "prisma">,
  conversationId: string,
  segment: Partial<NewSegment> = {},
) {
  const whole = { sourceKey: newId(), speaker: "SPEAKER_01", text: "Hello everyone", start: 1.2, end: 2.4, ...segment };
  return prisma.$transaction(async (tx) => announce(tx, await storeSegments(tx, conversationId, [whole])), {
    maxWait: 30_000,
    timeout: 30_000,
  });
}

/** Announces an event that stands for nothing but its number. */
export function announceTick({ prisma }: Pick<TestDatabase, "prisma">, topic: string) {
  const data = { conversationId: "c" };
  return prisma.$transaction((tx) => announce(tx, [{ topic, type: "conversation.changed", data }]), {
    maxWait: 30_000,
    timeout: 30_000,
  });
}

export const topicOf = conversationTopic;

export function connected(socket: TestSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
    socket.connect();
  });
}

export const subscribe = (socket: TestSocket, topic: string, after: number): Promise<SubscribeReply> =>
  socket.timeout(10_000).emitWithAck("subscribe", { topic, after });

/** Every event of a topic that reaches the socket, in the order of arrival. */
export function eventsOf(socket: TestSocket, topic: string): DeliveredEvent[] {
  const events: DeliveredEvent[] = [];
  socket.on("event", (event) => event.topic === topic && events.push(event));
  return events;
}

export const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

export async function until(isTrue: () => boolean, what: string, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for: ${what}`);
    await pause(10);
  }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A plain WebSocket with everything it got: messages as objects, then how it ended. */
export function meetingClient(url: string, options: ConstructorParameters<typeof WebSocket>[2] = {}) {
  const ws = new WebSocket(url, options);
  const messages: Record<string, unknown>[] = [];
  let end: { code: number; reason: string } | null = null;
  let refusedWith: number | null = null;
  ws.on("message", (data) => messages.push(JSON.parse((data as Buffer).toString("utf8")) as Record<string, unknown>));
  ws.on("close", (code, reason) => (end = { code, reason: reason.toString() }));
  ws.on("unexpected-response", (_, response) => {
    refusedWith = response.statusCode ?? 0;
    response.resume();
    ws.terminate();
  });
  ws.on("error", () => undefined);
  return {
    ws,
    messages,
    end: () => end,
    refusedWith: () => refusedWith,
    [Symbol.dispose]() {
      ws.terminate();
    },
  };
}
