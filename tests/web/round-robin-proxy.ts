import { createServer, request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";

/** A request that was passed on. */
export interface PassedRequest {
  /** `UPGRADE` for a WebSocket. */
  method: string;
  path: string;
  /** Of those given, the one that it went to. */
  target: string;
}

/**
 * A reverse proxy without stickiness: requests go to the targets in turn, and so do WebSockets, each by a turn of its
 * own; one that refuses connections is passed over. `blocksSockets`: as company proxies do, until `letThrough`.
 */
export async function roundRobinProxy(targets: readonly string[], { blocksSockets = false } = {}) {
  const passed: PassedRequest[] = [];
  const turns = { request: 0, socket: 0 };
  const state = { isBlocking: blocksSockets, refusedSockets: 0 };

  /** Connects to the next target that listens, or throws. */
  async function dial(kind: keyof typeof turns, { method = "", url = "" }: IncomingMessage): Promise<Socket> {
    for (let tries = 0; tries < targets.length; tries += 1) {
      const target = targets[turns[kind]++ % targets.length] ?? "";
      const socket = await connected(target);
      if (socket === null) continue;
      passed.push({ method: kind === "socket" ? "UPGRADE" : method, path: url, target });
      return socket;
    }
    throw new Error("No target listens");
  }

  const server = createServer((request, response) => {
    dial("request", request).then(
      (socket) => {
        const { method, url: path } = request;
        const headers = { ...forwarded(request), connection: "close" };
        const passing = httpRequest({ createConnection: () => socket, method, path, headers });
        passing.on("response", (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.on("error", () => response.destroy());
          answer.pipe(response);
        });
        passing.on("error", () => response.destroy());
        response.on("close", () => passing.destroy());
        request.pipe(passing);
      },
      () => response.writeHead(502).end(),
    );
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    socket.on("error", () => undefined);
    if (state.isBlocking) {
      state.refusedSockets += 1;
      return void socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
    dial("socket", request).then(
      (far) => {
        far.on("close", () => socket.destroy());
        socket.on("close", () => far.destroy());
        const lines = Object.entries(forwarded(request)).map(([name, value]) => `${name}: ${String(value)}`);
        far.write([`GET ${request.url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
        far.pipe(socket).pipe(far);
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** In the order in which they were passed on. */
    passed,
    refusedSockets: () => state.refusedSockets,
    letThrough: () => (state.isBlocking = false),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type RoundRobinProxy = Awaited<ReturnType<typeof roundRobinProxy>>;

/** Null where nobody listens. */
function connected(target: string): Promise<Socket | null> {
  const { hostname, port } = new URL(target);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => resolve(null));
    socket.once("connect", () => resolve(socket));
  });
}

const forwarded = ({ headers, socket }: IncomingMessage) => ({
  ...headers,
  "x-forwarded-for": [headers["x-forwarded-for"], socket.remoteAddress].flat().filter(Boolean).join(", "),
});
