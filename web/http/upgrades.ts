import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { currentRequest } from "./current-request.ts";

export interface Upgrade {
  request: IncomingMessage;
  /** The request's target, with a host that means nothing. */
  url: URL;
  socket: Duplex;
  head: Buffer;
}

export type UpgradeHandler = (upgrade: Upgrade) => void;

export type Upgrades = ReturnType<typeof createUpgrades>;

/** Gives each WebSocket upgrade to the handler of its path. What no handler knows is answered 404 at once. */
export function createUpgrades(server: Server) {
  const handlers = new Map<string, UpgradeHandler>();
  const others: ((request: IncomingMessage) => boolean)[] = [];

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (others.some((isTheirs) => isTheirs(request))) return;
    const url = targetOf(request);
    if (url === null) return refuseUpgrade(socket, 400);
    const prefix = [...handlers.keys()].find((start) => url.pathname.startsWith(start));
    const handle = prefix === undefined ? undefined : handlers.get(prefix);
    if (handle === undefined) return refuseUpgrade(socket, 404);
    currentRequest.run(randomUUID(), () => handle({ request, url, socket, head }));
  });

  return {
    /** Serves every path below `prefix`. The returned function ends that: what comes later is told to come again. */
    serve(prefix: string, handler: UpgradeHandler): () => void {
      handlers.set(prefix, handler);
      return () => void handlers.set(prefix, ({ socket }) => refuseUpgrade(socket, 503, { "Retry-After": "5" }));
    },
    /** Leaves to another listener of the server what it answers by itself. */
    leave: (isTheirs: (request: IncomingMessage) => boolean) => void others.push(isTheirs),
  };
}

/** The target in origin form (RFC 9112, 3.2.1), the only one a WebSocket client sends; null for any other. */
function targetOf({ url = "" }: IncomingMessage): URL | null {
  return /^\/(?![/\\])/.test(url) ? URL.parse(url, "http://localhost") : null;
}

/** Answers an upgrade by plain HTTP and closes, whether or not the peer ever closes its own side. */
export function refuseUpgrade(socket: Duplex, status: number, headers: Record<string, string> = {}): void {
  const lines = Object.entries({ Connection: "close", "Content-Length": "0", ...headers }).map((line) =>
    line.join(": "),
  );
  socket.once("finish", () => socket.destroy());
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", ""].join("\r\n"));
}
