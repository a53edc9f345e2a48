import type { WebSocket } from "ws";

/** Asks every connection for a sign of life now and then, and drops those that give none until the next time. */
export function keepAlive(pingMs: number) {
  const silent = new Map<WebSocket, boolean>();

  const timer = setInterval(() => {
    for (const [ws, isSilent] of silent) {
      if (isSilent) {
        ws.terminate();
        continue;
      }
      silent.set(ws, true);
      ws.ping();
    }
  }, pingMs);

  return {
    add(ws: WebSocket) {
      silent.set(ws, false);
      ws.on("pong", () => silent.set(ws, false));
      ws.on("message", () => silent.set(ws, false));
      ws.on("close", () => silent.delete(ws));
    },
    close() {
      clearInterval(timer);
      silent.clear();
    },
  };
}
