import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { conversationTopic } from "#domain/live.ts";
import { meetingCloseCodes } from "#domain/meeting-socket.ts";
import type { PrismaClient } from "#records/db.ts";
import { conversationSnapshot } from "#records/conversations/snapshot.ts";
import type { ConversationSnapshot } from "#records/conversations/snapshot.ts";
import { mayWatch } from "#records/live/watch-rights.ts";
import type { Auth } from "../auth/auth.ts";
import type { LiveGrant } from "../auth/live-token.ts";
import { refuseUpgrade } from "../http/upgrades.ts";
import type { Upgrade, Upgrades } from "../http/upgrades.ts";
import type { ConnectionGate } from "./connection-gate.ts";
import type { Hub } from "./hub.ts";
import { openMeetingConnection } from "./meeting-connection.ts";
import type { MeetingConnection } from "./meeting-connection.ts";
import type { LiveMetrics } from "./metrics.ts";
import type { Rights } from "./rights.ts";
import { createSemaphore } from "./semaphore.ts";

export interface MeetingSocketDeps {
  prisma: PrismaClient;
  auth: Pick<Auth, "verifyLiveToken">;
  log: Logger;
  hub: Hub;
  rights: Rights;
  door: ConnectionGate;
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

const statuses: Record<Refusal, number> = {
  bad_request: 400,
  unauthenticated: 401,
  origin: 403,
  not_found: 404,
  rate: 429,
};

const pathForm = /^\/ws\/meeting\/([^/]+)$/;
const Query = z.object({ token: z.string().max(4096).default(""), after: z.coerce.number().int().min(0).optional() });
const LARGEST_MESSAGE_BYTES = 1024;

/** Serves `WS /ws/meeting/{id}?token=<jwt>` (C-9 to C-15): refused by plain HTTP before it is accepted, or live. */
export function attachMeetingSocket(upgrades: Upgrades, deps: MeetingSocketDeps) {
  const { prisma, auth, log, door, metrics } = deps;
  const server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES, perMessageDeflate: false });
  const connections = new Set<MeetingConnection>();
  const readInTurn = createSemaphore(4);

  const stopServing = upgrades.serve("/ws/meeting/", onUpgrade);
  const heartbeat = setInterval(() => connections.forEach((connection) => connection.ping()), deps.pingMs);

  function onUpgrade({ request, url, socket, head }: Upgrade) {
    void admit(request, url).then(
      (admission) => {
        if (typeof admission === "string") return refuse(socket, admission);
        server.handleUpgrade(request, socket, head, (ws) => {
          const connection = openMeetingConnection(ws, admission, deps);
          connections.add(connection);
          ws.once("close", () => connections.delete(connection));
        });
      },
      (error: unknown) => {
        log.error({ err: error }, "could not admit a meeting socket");
        refuseUpgrade(socket, 503, { "Retry-After": "5" });
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
    refuseUpgrade(socket, statuses[reason], reason === "rate" ? { "Retry-After": "60" } : {});
  }

  return {
    close() {
      clearInterval(heartbeat);
      stopServing();
      for (const connection of connections) connection.end(meetingCloseCodes.restarting, "The server restarts.");
    },
  };
}
