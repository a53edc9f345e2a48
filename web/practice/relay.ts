import { WebSocket } from "ws";
import type { RawData } from "ws";
import { practiceCloseCodes } from "#domain/practice.ts";
import { HIGH_WATER_MARK_BYTES } from "../live/back-pressure.ts";

/** Says that a connection was passed on once, so that two processes never send it back and forth. */
export const relayHeader = "x-convene-relay";

const CONNECT_MS = 5_000;
const MOST_UNREAD_SOUND_BYTES = 128 * 1024;

/** Passes a person's connection on to the process that holds the room, both ways and unchanged, its end included. */
export function relay(person: WebSocket, { address, path }: { address: string; path: string }): void {
  const holder = new WebSocket(`${address.replace(/^http/, "ws")}${path}`, {
    headers: { [relayHeader]: "1" },
    handshakeTimeout: CONNECT_MS,
    perMessageDeflate: false,
    followRedirects: false,
  });
  const waiting: { data: RawData; isBinary: boolean }[] = [];

  person.on("message", (data, isBinary) => {
    if (holder.readyState === WebSocket.OPEN) pass(holder, data, isBinary);
    else if (holder.readyState === WebSocket.CONNECTING && !isBinary && waiting.length < 20) {
      waiting.push({ data, isBinary });
    }
  });
  holder.on("open", () => waiting.splice(0).forEach(({ data, isBinary }) => pass(holder, data, isBinary)));
  holder.on("message", (data, isBinary) => pass(person, data, isBinary));
  holder.on("ping", () => undefined);
  person.on("error", () => undefined);
  holder.on("error", () => close(person, practiceCloseCodes.unavailable, "The room cannot be reached just now."));
  person.on("close", (code, reason) => close(holder, code, reason.toString()));
  holder.on("close", (code, reason) => close(person, code, reason.toString()));
}

function pass(to: WebSocket, data: RawData, isBinary: boolean) {
  if (to.readyState !== WebSocket.OPEN) return;
  if (isBinary && to.bufferedAmount > MOST_UNREAD_SOUND_BYTES) return;
  if (to.bufferedAmount > HIGH_WATER_MARK_BYTES)
    return close(to, practiceCloseCodes.tooSlow, "Too slow: connect again.");
  to.send(data, { binary: isBinary });
}

function close(socket: WebSocket, code: number, reason: string) {
  if (socket.readyState === WebSocket.CLOSED) return;
  if (socket.readyState === WebSocket.CONNECTING) return socket.terminate();
  // 1005 and 1006 say that no code came; they may not be sent.
  socket.close(code === 1005 || code === 1006 ? practiceCloseCodes.unavailable : code, reason);
  setTimeout(() => socket.terminate(), 2_000).unref();
}
