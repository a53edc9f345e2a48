import type { Socket } from "socket.io";

/** More than this unread and a connection is cut; it comes back and resumes by number. */
export const HIGH_WATER_MARK_BYTES = 1024 * 1024;
/** While catching up the next page waits until less than this is unread. */
export const LOW_WATER_MARK_BYTES = 256 * 1024;
export const LONGEST_WAIT_MS = 15_000;
/** Time for a goodbye to reach a client before its connection is simply dropped. */
export const CLOSE_TIMEOUT_MS = 2_000;

export interface BackPressure {
  /** Bytes written to the connection that it has not begun to send. */
  bytes: () => number;
  /** Resolves when little is left; rejects when the other side does not read, or is gone. */
  drained: () => Promise<void>;
}

/**
 * Ends a connection in a way that tells a client to come back, unlike `disconnect`. One that does not read cannot
 * answer the goodbye, so after `graceMs` its socket is dropped.
 */
export function hangUp({ conn }: Pick<Socket, "conn">, graceMs: number): void {
  const { socket: ws } = conn.transport as { socket?: { terminate?: () => void } };
  conn.close(true);
  if (graceMs === 0) ws?.terminate?.();
  else setTimeout(() => ws?.terminate?.(), graceMs).unref();
}

/** Counts what waits in front of a Socket.IO connection's transport, of either kind. */
export function backPressureOf({ conn }: Socket): BackPressure {
  let waiting = 0;
  conn.on("packetCreate", ({ data }: { data?: string | Buffer }) => (waiting += data?.length ?? 0));
  conn.on("flush", () => (waiting = 0));

  return {
    bytes: () => waiting,
    drained() {
      if (waiting < LOW_WATER_MARK_BYTES) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const settle = (error?: Error) => {
          clearTimeout(timer);
          conn.off("flush", onFlush);
          conn.off("close", onClose);
          if (error) reject(error);
          else resolve();
        };
        const onFlush = () => settle();
        const onClose = () => settle(new Error("The connection closed."));
        const timer = setTimeout(() => settle(new Error("The reader is too slow.")), LONGEST_WAIT_MS);
        conn.once("flush", onFlush);
        conn.once("close", onClose);
      });
    },
  };
}
