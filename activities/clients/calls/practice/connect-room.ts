import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import type { PrismaClient } from "#records/db.ts";
import { agentRoomAccess } from "#records/meetings/practice-rooms.ts";
import { failure } from "../../child.ts";

const tryAgainMs = 500;
const handshakeMs = 5_000;
const largestMessageBytes = 1024 * 1024;

/**
 * A connection to the room as its agent. The room may be between two processes, so it is looked up and dialled until
 * `joining` aborts.
 */
export async function connectRoom(prisma: PrismaClient, meetingId: string, joining: AbortSignal): Promise<WebSocket> {
  for (;;) {
    joining.throwIfAborted();
    const room = await agentRoomAccess(prisma, meetingId);
    if (room?.isOver) throw failure("provider_unavailable", "the practice call is over");
    const socket = room === null || room.address === "" ? null : await connect(room, meetingId, joining);
    if (socket !== null) return socket;
    await sleep(tryAgainMs, undefined, { signal: joining }).catch(() => undefined);
  }
}

function connect(
  { address, token }: { address: string; token: string },
  meetingId: string,
  joining: AbortSignal,
): Promise<WebSocket | null> {
  const url = `${address.replace(/^http/, "ws")}/ws/practice/${meetingId}/agent`;
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: handshakeMs,
    maxPayload: largestMessageBytes,
    perMessageDeflate: false,
    followRedirects: false,
  });
  return new Promise((resolve) => {
    const onAbort = () => socket.terminate();
    joining.addEventListener("abort", onAbort, { once: true });
    const settle = (result: WebSocket | null) => {
      joining.removeEventListener("abort", onAbort);
      resolve(result);
    };
    socket.once("open", () => {
      // The first message may come with the opening; it waits until somebody listens.
      socket.pause();
      settle(socket);
    });
    socket.once("close", () => settle(null));
    socket.on("error", () => settle(null));
  });
}
