import type { IncomingMessage } from "node:http";
import { Server } from "socket.io";
import type { DefaultEventsMap } from "socket.io";
import type { LiveClientEvents, LiveServerEvents } from "#domain/live.ts";
import { mayWatch } from "#records/live/watch-rights.ts";
import type { LiveGrant } from "../auth/live-token.ts";
import type { Auth } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import type { HttpServer } from "../http/http-server.ts";
import { createAgentRooms } from "./agent-rooms.ts";
import { backPressureOf, CLOSE_TIMEOUT_MS, hangUp, HIGH_WATER_MARK_BYTES } from "./back-pressure.ts";
import { createConnectionGate } from "./connection-gate.ts";
import type { LiveFeed } from "./live-feed.ts";
import { attachMeetingSocket } from "./meeting-socket.ts";
import { createSocketSession } from "./socket-session.ts";
import type { LiveSocket, SocketData } from "./socket-session.ts";
import type { BroadcastGroup } from "./topic-feed.ts";

export type LiveDeps = Pick<WebDeps, "env" | "log" | "prisma"> & {
  auth: Pick<Auth, "actorOf" | "verifyLiveToken" | "credentialsStillValid">;
  feed: LiveFeed;
};

/** Times in milliseconds; the defaults are those of a real server. */
export interface LiveOptions {
  pingMs?: number;
  pongTimeoutMs?: number;
  connectionsPerMinute?: number;
}

/**
 * Puts the live feed on the server's port: Socket.IO at `/socket.io` and the WebSocket at `/ws/meeting/{id}`.
 * The caller closes the HTTP server itself, after `close()`.
 */
export function attachLive({ server, upgrades }: HttpServer, deps: LiveDeps, options: LiveOptions = {}) {
  const { env, log, prisma, auth, feed } = deps;
  const { hub, rights, metrics } = feed;
  const { pingMs = 25_000, pongTimeoutMs = 20_000, connectionsPerMinute } = options;
  const door = createConnectionGate({
    prisma,
    kind: "live",
    publicUrl: env.PUBLIC_URL,
    frontEnd: env.FRONTEND_URL,
    trustProxy: env.TRUST_PROXY,
    connectionsPerMinute,
  });

  const io = new Server<LiveClientEvents, LiveServerEvents, DefaultEventsMap, SocketData>(server, {
    // Long polling of its own needs the same process for each of its requests; ours (`/api/live`) takes any.
    transports: ["websocket"],
    pingInterval: pingMs,
    pingTimeout: pongTimeoutMs,
    maxHttpBufferSize: 16 * 1024,
    serveClient: false,
    // What is not Engine.IO's has its own handler.
    destroyUpgrade: false,
    // CORS does not hold for WebSockets; the Origin is checked here for every transport. State recovery stays off:
    // it would skip the check of rights, and a client resumes by number.
    allowRequest: (request, decide) => void admit(request).then(([refusal, ok]) => decide(refusal, ok)),
  });
  // The very test by which Engine.IO knows its own.
  upgrades.leave((request) => request.url?.startsWith("/socket.io/") === true);
  const meetingSocket = attachMeetingSocket(upgrades, {
    prisma,
    auth,
    log,
    hub,
    rights,
    door,
    metrics,
    pingMs,
    pongTimeoutMs,
  });

  async function admit(request: IncomingMessage): Promise<[string | null, boolean]> {
    const refusal = door.isOwnOrigin(request) ? null : "origin";
    if (refusal === null && (await door.spendForAddress(request))) return [null, true];
    metrics.refused("socket.io", refusal ?? "rate");
    return [refusal ?? "rate", false];
  }

  io.use((socket, next) => {
    void grantOf(socket).then(
      (grant) => {
        if (grant === null) {
          metrics.refused("socket.io", "unauthenticated");
          return next(unauthenticated());
        }
        grants.set(socket, grant);
        next();
      },
      (error: unknown) => {
        log.error({ err: error }, "could not tell whose live connection this is");
        metrics.refused("socket.io", "unavailable");
        // Socket.IO's client takes a middleware's refusal for the last word; a connection that breaks it tries again.
        hangUp(socket, CLOSE_TIMEOUT_MS);
        next(new Error("unavailable"));
      },
    );
  });

  const grants = new WeakMap<LiveSocket, Grant>();

  async function grantOf(socket: LiveSocket): Promise<Grant | null> {
    const { token } = socket.handshake.auth as { token?: unknown };
    if (typeof token === "string" && token.length < 4096) return auth.verifyLiveToken(token);
    const actor = await auth.actorOf(socket.request);
    // A session lives on while it is used, so only the repeated check says when it has ended.
    return actor && { userId: actor.userId, credential: actor.credential, expiresAt: null };
  }

  const group: BroadcastGroup = {
    deliver(topic, events) {
      const room = io.of("/").adapter.rooms.get(topic);
      if (!room) return;
      for (const id of room) {
        const socket = io.of("/").sockets.get(id);
        if (socket && socket.data.backlog.bytes() > HIGH_WATER_MARK_BYTES) cut(socket);
      }
      for (const event of events) {
        io.local.to(topic).emit("event", event);
        metrics.sent(event.at);
      }
      metrics.delivered("socket.io", room.size * events.length);
    },
  };

  function cut(socket: LiveSocket) {
    metrics.cut("socket.io", "slow");
    hangUp(socket, 0);
  }

  io.on("connection", (socket) => {
    const grant = grants.get(socket);
    if (!grant) return void socket.disconnect(true);
    metrics.opened("socket.io");
    const { userId } = grant;
    const backlog = backPressureOf(socket);
    socket.data = { backlog };
    const session = createSocketSession({
      socket,
      hub,
      group,
      backlog,
      mayWatch: (topic) => mayWatch(prisma, { userId, topic }),
      onDelivered: (number) => metrics.delivered("socket.io", number),
      cut: () => cut(socket),
    });
    const rooms = createAgentRooms({
      socket,
      prisma,
      hub,
      log,
      mayWatch: (topic) => mayWatch(prisma, { userId, topic }),
      drained: () => backlog.drained().catch(() => cut(socket)),
      onDelivered: (number) => metrics.delivered("socket.io", number),
    });
    log.info({ socket: socket.id }, "live connection opened");
    const signedOut = () => {
      session.close();
      rooms.close();
      socket.emit("signed_out");
      socket.disconnect(true);
    };
    const stopChecking = rights.add({
      grant,
      topics: () => [...session.topics(), ...rooms.topics()],
      signedOut,
      lost(topic) {
        session.lose(topic);
        rooms.lose(topic);
      },
    });
    const expiry = grant.expiresAt === null ? undefined : setTimeout(signedOut, grant.expiresAt - Date.now());
    socket.on("subscribe", (request, reply) => void session.subscribe(request, reply).catch(onError));
    socket.on("unsubscribe", session.unsubscribe);
    socket.on("subscribe:agent", rooms.subscribe);
    socket.on("unsubscribe:agent", rooms.unsubscribe);
    socket.on("disconnect", () => {
      clearTimeout(expiry);
      stopChecking();
      session.close();
      rooms.close();
      metrics.closed("socket.io");
      log.info({ socket: socket.id }, "live connection closed");
    });
    // The client asks again when its wish is not answered in time.
    function onError(error: unknown) {
      log.error({ err: error }, "live subscription failed");
    }
  });

  return {
    io,
    hub,
    /** Ends every connection in a way that tells clients to come back, and stops listening to the database. */
    async close() {
      meetingSocket.close();
      for (const socket of io.of("/").sockets.values()) hangUp(socket, CLOSE_TIMEOUT_MS);
      io.engine.close();
      await feed.close();
    },
  };
}

type Grant = Pick<LiveGrant, "userId" | "credential"> & { expiresAt: number | null };

/** The form in which Socket.IO hands a middleware's refusal to the client. */
const unauthenticated = () => Object.assign(new Error("unauthenticated"), { data: { code: "unauthenticated" } });
