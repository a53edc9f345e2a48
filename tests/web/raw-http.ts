import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How a raw connection is ended once its bytes are sent. */
export type Ending = "wait" | "half-close" | "reset";

export interface RawAnswer {
  /** Of the first answer; null where none came. */
  status: number | null;
  text: string;
  /** Whether the server closed, rather than our patience ending. */
  isClosed: boolean;
}

interface RawOptions {
  ending?: Ending;
  patienceMs?: number;
  /** Waited before each part but the first. */
  everyMs?: number;
  /** Whether what came back is enough. */
  until?: (text: string) => boolean;
}

/**
 * Sends bytes as they are and gives what came back: until the server closes, or it is enough, or `patienceMs` are over,
 * or at once after a reset.
 */
export function sendRaw(
  url: string,
  parts: (string | Buffer)[],
  { ending = "wait", patienceMs = 10_000, everyMs = 0, until = () => false }: RawOptions = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  let isClosed = false;
  return new Promise((resolve) => {
    const patience = setTimeout(() => socket.destroy(), patienceMs);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (until(Buffer.concat(chunks).toString("latin1"))) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("end", () => {
      isClosed = true;
      socket.destroy();
    });
    socket.on("close", () => {
      clearTimeout(patience);
      const text = Buffer.concat(chunks).toString("latin1");
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ status: status === undefined ? null : Number(status), text, isClosed });
    });
    socket.once("connect", () => void write(socket, parts, { ending, everyMs }));
  });
}

async function write(
  socket: Socket,
  parts: (string | Buffer)[],
  { ending, everyMs }: { ending: Ending; everyMs: number },
) {
  for (const [index, part] of parts.entries()) {
    if (index > 0 && everyMs > 0) await sleep(everyMs);
    if (!socket.destroyed) await new Promise((resolve) => socket.write(part, resolve));
  }
  if (ending === "half-close") socket.end();
  if (ending === "reset") socket.resetAndDestroy();
}

/** The head of a request, with CRLFs; `headers` in the order given, names as often as wanted. */
export const head = (line: string, headers: readonly (readonly [string, string])[]) =>
  `${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;

/** The headers of a correct WebSocket upgrade. */
export const upgradeHeaders = (host: string) =>
  [
    ["Host", host],
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
    ["Sec-WebSocket-Version", "13"],
    ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
  ] as const;
