import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { prepareClose } from "./close-server.ts";
import { limitTime, requestTimes } from "./request-time.ts";
import { createUpgrades } from "./upgrades.ts";
import type { Upgrades } from "./upgrades.ts";

/**
 * How long a connection of a proxy may be idle, in milliseconds. Longer than proxies keep theirs (nginx and load balancers
 * of clouds a minute, `deploy/Caddyfile` half of one): what they ask on one that was closed just then they do not ask
 * again where it has a body, and answer 502.
 */
export const proxyIdleMs = 75_000;

/** What listens on the public port: requests go to the server's listeners, upgrades to the handler of their path. */
export interface HttpServer {
  server: Server;
  upgrades: Upgrades;
  close: () => Promise<void>;
}

/**
 * The one place that owns raw sockets. An `error` event that nobody listens to ends the process, and a peer can raise
 * one at any moment by a reset: so every socket, request and response has a listener from its first moment to its
 * last, whatever handlers come and go (they see the end by `close`).
 */
export function createHttpServer(times = requestTimes): HttpServer {
  const server = createServer({
    // Each request has its own timer: uploads take longer than all else.
    requestTimeout: 0,
    headersTimeout: 30_000,
    shouldUpgradeCallback: isWebSocket,
  });
  const close = prepareClose(server);
  server.on("connection", (socket) => socket.on("error", ignore));
  server.on("request", (request, response) => {
    request.on("error", ignore);
    response.on("error", ignore);
    limitTime(request, response, times.wholeMs);
  });
  return { server, upgrades: createUpgrades(server), close };
}

// Any other upgrade (curl offers h2c of its own accord) may be declined by answering as if it had not been asked for:
// RFC 9110, 7.8.
const isWebSocket = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket";

const ignore = () => undefined;
