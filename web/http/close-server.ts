import type { Server, ServerResponse } from "node:http";

const DRAIN_MS = 10_000;

/**
 * Gives how to close a server: it takes no more connections and lets running requests end, for ten seconds at most. Each
 * is the last of its connection, and says so: Node would keep a connection for as long as requests follow one another on
 * it, as those of a proxy do, and cut it in the midst of one.
 */
export function prepareClose(server: Server, drainMs = DRAIN_MS): () => Promise<void> {
  const running = new Set<ServerResponse>();
  let isClosing = false;
  server.on("request", (_, response) => {
    if (isClosing) endConnectionAfter(response);
    running.add(response);
    response.once("close", () => running.delete(response));
  });
  return async () => {
    isClosing = true;
    for (const response of running) endConnectionAfter(response);
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeIdleConnections();
    const cut = setTimeout(() => server.closeAllConnections(), drainMs);
    await closed;
    clearTimeout(cut);
  };
}

function endConnectionAfter(response: ServerResponse) {
  if (!response.headersSent) response.setHeader("Connection", "close");
}
