import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import { PersonMessage, practiceCloseCodes, practiceRate } from "#domain/practice.ts";
import { createTokenBucket } from "../live/token-bucket.ts";
import { CLOSE_TIMEOUT_MS, HIGH_WATER_MARK_BYTES } from "../live/back-pressure.ts";
import type { PersonPeer, Room } from "./room.ts";
import type { PracticeTicket } from "./ticket.ts";

const bytesPerSecond = practiceRate * 2;

/** One person's accepted connection: holds it to the limits and hands what it says to the room. */
export function openPersonConnection(
  ws: WebSocket,
  { room, ticket, log }: { room: Room; ticket: PracticeTicket; log: Logger },
) {
  const spendMessage = createTokenBucket({ burst: 60, perSecond: 20 });
  // Sound comes as fast as time goes; what a network has held back for some seconds may come at once.
  const spendSound = createTokenBucket({ burst: bytesPerSecond * 10, perSecond: bytesPerSecond * 1.25 });
  const peer: PersonPeer = {
    send(message) {
      if (ws.readyState !== ws.OPEN) return;
      if (ws.bufferedAmount > HIGH_WATER_MARK_BYTES)
        return close(practiceCloseCodes.tooSlow, "Too slow: connect again.");
      ws.send(JSON.stringify(message));
    },
    close,
  };
  const seat = room.join({ id: ticket.participantId, name: ticket.name, role: ticket.role }, peer);
  ws.on("error", (error) => log.debug({ err: error }, "practice socket"));
  ws.on("close", () => seat?.gone());
  ws.on("message", (data, isBinary) => {
    // A message comes as one buffer: the server is left at ws's default for that.
    if (ws.readyState === ws.OPEN) hear(data as Buffer, isBinary);
  });

  function hear(data: Buffer, isBinary: boolean) {
    if (isBinary) {
      if (data.length % 2 === 0 && spendSound(data.length)) seat?.sound(data);
      return;
    }
    if (!spendMessage()) return close(practiceCloseCodes.flood, "Too many messages.");
    const message = PersonMessage.safeParse(jsonOf(data));
    if (message.success) seat?.hear(message.data);
  }

  function close(code: number, reason: string) {
    ws.close(code, reason);
    setTimeout(() => ws.terminate(), CLOSE_TIMEOUT_MS).unref();
  }
}

export function jsonOf(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString("utf8"));
  } catch {
    return null;
  }
}
