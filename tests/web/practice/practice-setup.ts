import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { Registry } from "prom-client";
import { WebSocket } from "ws";
import { RoomMessage } from "#domain/practice.ts";
import type { AgentOrder, AgentWord, PersonMessage, PracticeCaption } from "#domain/practice.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { newId } from "#records/ids.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { agentRoomAccess } from "#records/meetings/practice-rooms.ts";
import type { TestDatabase } from "#tests/setup/database.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import { parseWebEnv } from "#web/env.ts";
import { createHttpServer } from "#web/http/http-server.ts";
import { attachPractice } from "#web/practice/attach.ts";
import type { PracticeOptions } from "#web/practice/attach.ts";
import { createPracticeTickets } from "#web/practice/ticket.ts";
import type { PracticeTicket } from "#web/practice/ticket.ts";
import { pause, until } from "../live/live-server.ts";

const secret = "a secret for tests only, 32 or more";
export const tickets = createPracticeTickets(secret);

export type PracticeServer = Awaited<ReturnType<typeof practiceServer>>;

/** A web process as far as practice rooms go, on a port of its own (or on one where another was). */
export async function practiceServer(db: TestDatabase, options: PracticeOptions & { port?: number } = {}) {
  const { port: wanted = 0, ...rest } = options;
  const http = createHttpServer();
  const httpServer = http.server.on("request", (_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => httpServer.listen(wanted, "127.0.0.1", resolve));
  const { port } = httpServer.address() as AddressInfo;
  const settings = { DATABASE_URL: db.url, PUBLIC_URL: `http://127.0.0.1:${port}`, CONVENE_SECRET: secret };
  const env = parseWebEnv({ ...settings, SEAL_KEYS: testSealKeys });
  const metrics = new Registry();
  const log = pino({ level: "silent" });
  const practice = attachPractice(
    http,
    { env, log, prisma: db.prisma, pool: db.pool, metrics },
    { connectionsPerMinute: 100_000, graceMs: 500, heartbeatMs: 200, ...rest },
  );
  try {
    await practice.begin();
  } catch (error) {
    await practice.close();
    httpServer.close();
    throw error;
  }
  /** Is as a process that hangs: nobody is answered, nothing is given up. */
  const hang = () => {
    for (const socket of sockets) socket.destroy();
    httpServer.close();
  };
  const sockets = new Set<import("node:net").Socket>();
  httpServer.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  return {
    port,
    metrics,
    practice,
    hang,
    /** Ends as a killed process does: nobody is told, and its connections are gone. */
    async die() {
      hang();
      await practice.presence.close();
    },
    /** Stops listening and waits for every connection to be gone, as a server does that ends in order. */
    closed: () => new Promise<void>((resolve) => void httpServer.close(() => resolve())),
    url: (meetingId: string, ticket: string) => `ws://127.0.0.1:${port}/ws/practice/${meetingId}?ticket=${ticket}`,
    /** Joins with a ticket of its own making. */
    async join(ticket: Partial<PracticeTicket> & { meetingId: string }) {
      const whole: PracticeTicket = { participantId: newId(), name: "Anna", role: "member", ...ticket };
      const client = practiceClient(this.url(whole.meetingId, await tickets.issueTicket(whole)));
      await until(() => client.messages.length > 0 || client.end() !== null, "the room's first message");
      return { ...client, participantId: whole.participantId };
    },
    async [Symbol.asyncDispose]() {
      await practice.close();
      httpServer.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => httpServer.close(resolve));
    },
  };
}

export type PracticeClient = ReturnType<typeof practiceClient>;

/** A person's connection with everything it got. */
export function practiceClient(url: string, options: ConstructorParameters<typeof WebSocket>[2] = {}) {
  const ws = new WebSocket(url, options);
  const messages: RoomMessage[] = [];
  let end: number | null = null;
  let refusedWith: number | null = null;
  ws.on("message", (data) => messages.push(RoomMessage.parse(JSON.parse((data as Buffer).toString("utf8")))));
  ws.on("close", (code) => (end = code));
  ws.on("unexpected-response", (_, response) => {
    refusedWith = response.statusCode ?? 0;
    response.resume();
    ws.terminate();
  });
  ws.on("error", () => undefined);
  const of = <Type extends RoomMessage["type"]>(type: Type) =>
    messages.filter((each): each is Extract<RoomMessage, { type: Type }> => each.type === type);
  return {
    ws,
    messages,
    of,
    send: (message: PersonMessage) => ws.send(JSON.stringify(message)),
    end: () => end,
    refusedWith: () => refusedWith,
    people: () => of("participants").at(-1)?.people ?? of("joined").at(-1)?.people ?? [],
    agent: () => of("agent").at(-1) ?? of("joined").at(-1)?.agent,
    /** The captions as they now stand, in the order of their beginning. */
    captions(): PracticeCaption[] {
      const captions = new Map(of("joined").flatMap(({ captions }) => captions.map((each) => [each.itemId, each])));
      for (const { type: _, ...caption } of of("caption")) captions.set(caption.itemId, caption);
      return [...captions.values()];
    },
  };
}

/** An agent of a test's own: says what it is told to and keeps what it hears. */
export async function testAgent(db: TestDatabase, meetingId: string, token?: string) {
  const door = await agentRoomAccess(db.prisma, meetingId);
  if (door === null) throw new Error("There is no room");
  const ws = new WebSocket(`${door.address.replace(/^http/, "ws")}/ws/practice/${meetingId}/agent`, {
    headers: { authorization: `Bearer ${token ?? door.token}` },
  });
  const orders: AgentOrder[] = [];
  const sounds: Buffer[] = [];
  let end: number | null = null;
  let refusedWith: number | null = null;
  ws.on("message", (data, isBinary) => {
    if (isBinary) sounds.push(data as Buffer);
    else orders.push(JSON.parse((data as Buffer).toString("utf8")) as AgentOrder);
  });
  ws.on("close", (code) => (end = code));
  ws.on("unexpected-response", (_, response) => {
    refusedWith = response.statusCode ?? 0;
    ws.terminate();
  });
  ws.on("error", () => undefined);
  await until(() => orders.length > 0 || end !== null, "the agent's admission");
  return {
    ws,
    orders,
    sounds,
    end: () => end,
    refusedWith: () => refusedWith,
    tell: (event: { type: string; [field: string]: unknown }) =>
      ws.send(JSON.stringify({ type: "event", time: new Date().toISOString(), event } satisfies AgentWord)),
    note: (message: string) => ws.send(JSON.stringify({ type: "note", message } satisfies AgentWord)),
  };
}

/** A meeting that the practice room carries, with an agent that has a plan of one session. */
export async function practiceMeeting({ prisma }: TestDatabase, goals: string[] = ["Agree on a date"]) {
  const userId = newId();
  await prisma.user.create({ data: { id: userId, name: "Test", email: `${userId}@example.test` } });
  const workspace = await prisma.workspace.create({ data: { id: newId(), name: "Home", personalOfId: userId } });
  await prisma.membership.create({ data: { userId, workspaceId: workspace.id, role: "owner" } });
  const agentId = await createAgent(prisma, {
    userId,
    workspaceId: workspace.id,
    name: "Ada",
    instructions: "Be kind.",
    voice: "alloy",
    blueprint: { sessions: [{ session_name: "First", goals }] },
  });
  const made = await createMeeting(prisma, {
    userId,
    workspaceId: workspace.id,
    agentId,
    name: "A practice",
    prompt: "",
    scheduledAt: null,
    durationMinutes: 30,
    provider: "practice",
  });
  if (!made.ok) throw new Error("No meeting");
  return made.id;
}

/** What the inbox holds of a meeting, the oldest first. */
export async function inboxOf({ prisma }: Pick<TestDatabase, "prisma">, meetingId: string) {
  const rows = await prisma.webhookDelivery.findMany({ where: { subjectId: meetingId }, orderBy: { id: "asc" } });
  return rows.map(({ sender, type, state, body, occurredAt, dedupeKey }) => ({
    sender,
    type,
    state,
    occurredAt,
    dedupeKey,
    body: JSON.parse(Buffer.from(body).toString("utf8")) as Record<string, unknown>,
  }));
}

/** Waits until the inbox holds an event of this type. */
export async function untilTold(db: Pick<TestDatabase, "prisma">, meetingId: string, type: string, timeoutMs = 15_000) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = (await inboxOf(db, meetingId)).find((row) => row.type === type);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${type}`);
    await pause(20);
  }
}
