import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { isId } from "#domain/ids.ts";
import { largestFrameBytes, practiceCloseCodes } from "#domain/practice.ts";
import type { WebDeps } from "../deps.ts";
import type { HttpServer } from "../http/http-server.ts";
import { refuseUpgrade } from "../http/upgrades.ts";
import type { Upgrade } from "../http/upgrades.ts";
import { CLOSE_TIMEOUT_MS } from "../live/back-pressure.ts";
import { createConnectionGate } from "../live/connection-gate.ts";
import { openAgentConnection } from "./agent-connection.ts";
import { keepAlive } from "./keep-alive.ts";
import { createPracticeMetrics } from "./metrics.ts";
import { ownAddress } from "./own-address.ts";
import { openPersonConnection } from "./person-connection.ts";
import { createPresence } from "./presence.ts";
import { relay, relayHeader } from "./relay.ts";
import { createRooms } from "./rooms.ts";
import type { HeldRoom, RoomsOptions } from "./rooms.ts";
import { createPracticeTickets } from "./ticket.ts";
import type { PracticeTicket } from "./ticket.ts";

export type PracticeDeps = Pick<WebDeps, "env" | "log" | "prisma" | "pool" | "metrics">;

/** Times in milliseconds; the defaults are those of a real server. */
export interface PracticeOptions extends Partial<Omit<RoomsOptions, "presence">> {
  pingMs?: number;
  patienceMs?: number;
  connectionsPerMinute?: number;
}

type Admission =
  | { kind: "refused"; status: 401 | 403 | 404 | 429 | 503 }
  /** Accepted and closed at once: a browser is told codes, but never a refusal's status. */
  | { kind: "closed"; code: number; reason: string }
  | { kind: "relay"; address: string; path: string }
  | { kind: "person"; held: HeldRoom; ticket: PracticeTicket }
  | { kind: "agent"; held: HeldRoom };

const pathForm = /^\/ws\/practice\/([^/]+)(\/agent)?$/;
const largestAgentMessageBytes = 256 * 1024;

/** Serves the practice room: `/ws/practice/{meetingId}?ticket=…` for people, `…/agent` with a bearer for the agent. */
export function attachPractice({ server, upgrades }: HttpServer, deps: PracticeDeps, options: PracticeOptions = {}) {
  const { env, log, prisma, pool } = deps;
  const { pingMs = 10_000, connectionsPerMinute, patienceMs } = options;
  const door = createConnectionGate({
    prisma,
    kind: "practice",
    publicUrl: env.PUBLIC_URL,
    trustProxy: env.TRUST_PROXY,
    connectionsPerMinute,
  });
  const tickets = createPracticeTickets(env.CONVENE_SECRET);
  const address = () => ownAddress(server, env.INTERNAL_URL);
  const presence = createPresence({ databaseUrl: env.DATABASE_URL, log, patienceMs });
  const rooms = createRooms({ prisma, pool, log }, { address, presence, ...options });
  const metrics = createPracticeMetrics(deps.metrics, rooms);
  const accept = { noServer: true, perMessageDeflate: false } as const;
  const people = new WebSocketServer({ ...accept, maxPayload: largestFrameBytes });
  const agents = new WebSocketServer({ ...accept, maxPayload: largestAgentMessageBytes });
  const pulse = keepAlive(pingMs);

  const stopServing = upgrades.serve("/ws/practice/", onUpgrade);

  function onUpgrade({ request, url, socket, head }: Upgrade) {
    void admit(request, url)
      .catch((error: unknown): Admission => {
        log.error({ err: error }, "could not admit to a practice room");
        return { kind: "refused", status: 503 };
      })
      .then((admission) => {
        if (admission.kind === "refused") return refuse(socket, admission.status);
        const accepting = admission.kind === "agent" ? agents : people;
        accepting.handleUpgrade(request, socket, head, (ws) => {
          pulse.add(ws);
          open(ws, admission);
        });
      });
  }

  async function admit(request: IncomingMessage, url: URL): Promise<Admission> {
    const [, id = "", forAgent] = pathForm.exec(url.pathname) ?? [];
    const meetingId = id.toLowerCase();
    if (forAgent !== undefined) return admitAgent(request, meetingId);
    if (!door.isOwnOrigin(request)) return { kind: "refused", status: 403 };
    if (!(await door.spendForAddress(request))) return { kind: "refused", status: 429 };
    if (!isId(meetingId)) return { kind: "refused", status: 404 };
    const ticket = await tickets.readTicket((url.searchParams.get("ticket") ?? "").slice(0, 4096));
    if (ticket === null || ticket.meetingId !== meetingId) return { kind: "refused", status: 401 };
    const place = await rooms.placeOf(meetingId);
    switch (place.kind) {
      case "here":
        return { kind: "person", held: place.held, ticket };
      case "over":
      case "unknown":
        return { kind: "closed", code: practiceCloseCodes.over, reason: "The call is over." };
      case "elsewhere":
        if (place.address === "" || request.headers[relayHeader] !== undefined) return comeAgain;
        return { kind: "relay", address: place.address, path: `${url.pathname}${url.search}` };
      default:
        return place satisfies never;
    }
  }

  async function admitAgent(request: IncomingMessage, meetingId: string): Promise<Admission> {
    const held = isId(meetingId) ? rooms.here(meetingId) : null;
    if (held === null || !isSame(request.headers.authorization ?? "", `Bearer ${held.token}`)) {
      const status = (await door.spendForAddress(request)) ? (held === null ? 404 : 401) : 429;
      return { kind: "refused", status };
    }
    return { kind: "agent", held };
  }

  function open(ws: WebSocket, admission: Exclude<Admission, { kind: "refused" }>) {
    switch (admission.kind) {
      case "closed":
        return ws.close(admission.code, admission.reason);
      case "relay":
        return relay(ws, admission);
      case "person":
        return openPersonConnection(ws, { room: admission.held.room, ticket: admission.ticket, log });
      case "agent":
        return openAgentConnection(ws, { room: admission.held.room, log, onDropped: metrics.dropped });
      default:
        return admission satisfies never;
    }
  }

  function refuse(socket: Duplex, status: number) {
    metrics.refused(status);
    refuseUpgrade(socket, status, status === 429 || status === 503 ? { "Retry-After": "10" } : {});
  }

  return {
    presence,
    /** To be called once the server listens; rejects where another process that lives has this one's address. */
    begin: () => presence.begin((options.address ?? address)()),
    /** Sends everybody out in a way that lets their calls go on with the next process. */
    async close() {
      stopServing();
      await rooms.close();
      pulse.close();
      // Those who are only passed on to another process, too: the server waits for every socket.
      for (const ws of [...people.clients, ...agents.clients]) {
        ws.close(practiceCloseCodes.restarting, "The server restarts.");
        setTimeout(() => ws.terminate(), CLOSE_TIMEOUT_MS).unref();
      }
      await presence.close();
    },
  };
}

const comeAgain: Admission = {
  kind: "closed",
  code: practiceCloseCodes.unavailable,
  reason: "The room is moving: connect again.",
};

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
