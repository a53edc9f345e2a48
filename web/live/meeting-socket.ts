import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import { meetingCloseCodes } from "#domain/meeting-socket.ts";
import type { PrismaClient } from "#records/db.ts";
import { conversationSnapshot } from "#records/snapshot.ts";
import type { ConversationSnapshot } from "#records/snapshot.ts";
import { mayWatch } from "#records/watch-rights.ts";
import type { Auth } from "../auth/auth.ts";
import type { LiveGrant } from "../auth/live-token.ts";
import type { Door } from "./door.ts";
import type { Hub } from "./hub.ts";
import { openMeetingConnection } from "./meeting-connection.ts";
import type { MeetingConnection } from "./meeting-connection.ts";
import type { LiveMetrics } from "./metrics.ts";
import type { Rights } from "./rights.ts";
import { createTurnstile } from "./turnstile.ts";

export interface MeetingSocketDeps {
  prisma: PrismaClient;
  auth: Pick<Auth, "verifyLiveToken">;
  log: Logger;
  hub: Hub;
  rights: Rights;
  door: Door;
  metrics: LiveMetrics;
  pingMs: number;
  pongTimeoutMs: number;
}

/** Whom a connection is for and what it starts with. Without a snapshot it resumes after `after`. */
export interface Admission {
  grant: LiveGrant;
  meetingId: string;
  after: number;
  snapshot: ConversationSnapshot | null;
}

type Refusal = "unauthenticated" | "origin" | "not_found" | "rate" | "bad_request";

const statusLines: Record<Refusal, string> = {
  bad_request: "400 Bad Request",
  unauthenticated: "401 Unauthorized",
  origin: "403 Forbidden",
  not_found: "404 Not Found",
  rate: "429 Too Many Requests",
};

const pathForm = /^\/ws\/meeting\/([^/]+)$/;
const Query = z.object({ token: z.string().max(4096).default(""), after: z.coerce.number().int().min(0).optional() });
const LARGEST_MESSAGE_BYTES = 1024;
const SILENT_UPGRADE_MS = 10_000;

/** Serves `WS /ws/meeting/{id}?token=<jwt>` (C-9 to C-15): refused by plain HTTP before it is accepted, or live. */
export function attachMeetingSocket(httpServer: HttpServer, deps: MeetingSocketDeps) {
  const { prisma, auth, log, door, metrics } = deps;
  const server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES, perMessageDeflate: false });
  const connections = new Set<MeetingConnection>();
  const readInTurn = createTurnstile(4);

  httpServer.on("upgrade", onUpgrade);
  const heartbeat = setInterval(() => connections.forEach((connection) => connection.beat()), deps.pingMs);

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/ws/practice/")) return;
    if (!url.pathname.startsWith("/ws/")) return endIfSilent(socket);
    const onError = () => socket.destroy();
    socket.on("error", onError);
    void admit(request, url).then(
      (admission) => {
        if (typeof admission === "string") return refuse(socket, admission);
        socket.off("error", onError);
        server.handleUpgrade(request, socket, head, (ws) => {
          const connection = openMeetingConnection(ws, admission, deps);
          connections.add(connection);
          ws.once("close", () => connections.delete(connection));
        });
      },
      (error: unknown) => {
        log.error({ err: error }, "could not admit a meeting socket");
        socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n\r\n");
      },
    );
  }

  async function admit(request: IncomingMessage, url: URL): Promise<Admission | Refusal> {
    if (!door.isOwnOrigin(request)) return "origin";
    if (!(await door.spendForAddress(request))) return "rate";
    const meetingId = pathForm.exec(url.pathname)?.[1] ?? "";
    const query = Query.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) return "bad_request";
    const grant = await auth.verifyLiveToken(query.data.token);
    if (grant === null) return "unauthenticated";
    if (!isId(meetingId)) return "not_found";
    const id = meetingId.toLowerCase();
    const { after } = query.data;
    const start = after === undefined ? await startAt(grant, id) : await resumeAt(grant, id, after);
    if (start === null) return "not_found";
    if (!(await door.spendForUser(grant.userId))) return "rate";
    return { grant, meetingId: id, ...start };
  }

  async function startAt({ userId }: LiveGrant, id: string) {
    const snapshot = await readInTurn(() => conversationSnapshot(prisma, userId, id));
    return snapshot && { snapshot, after: snapshot.seq };
  }

  async function resumeAt({ userId }: LiveGrant, id: string, after: number) {
    const isAllowed = await mayWatch(prisma, { userId, topic: conversationTopic(id) });
    return isAllowed ? { snapshot: null, after } : null;
  }

  function refuse(socket: Duplex, reason: Refusal) {
    metrics.refused("meeting", reason);
    const retry = reason === "rate" ? "Retry-After: 60\r\n" : "";
    socket.end(`HTTP/1.1 ${statusLines[reason]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`);
  }

  return {
    close() {
      clearInterval(heartbeat);
      httpServer.off("upgrade", onUpgrade);
      for (const connection of connections) connection.end(meetingCloseCodes.restarting, "The server restarts.");
    },
  };
}

// Nobody may hold a socket by asking for an upgrade that no part of the server knows.
function endIfSilent(socket: Duplex) {
  const timer = setTimeout(() => {
    if ("bytesWritten" in socket && socket.bytesWritten === 0) socket.destroy();
  }, SILENT_UPGRADE_MS);
  socket.once("close", () => clearTimeout(timer));
}
