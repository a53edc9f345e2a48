import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { timing } from "#domain/timing.ts";
import { AgentWord, frameAudio, practiceCloseCodes, practiceRate } from "#domain/practice.ts";
import { HIGH_WATER_MARK_BYTES } from "../live/back-pressure.ts";
import { jsonOf } from "./person-connection.ts";
import type { AgentPeer, Room } from "./room.ts";

/** Three seconds of one voice. What an agent has not taken by then it hears no more: late words help nobody. */
const mostSoundBytes = practiceRate * 2 * 3;

/** The agent's accepted connection. */
export function openAgentConnection(
  ws: WebSocket,
  { room, log, onDropped }: { room: Room; log: Logger; onDropped: () => void },
) {
  const peer: AgentPeer = {
    send(order) {
      if (ws.readyState !== ws.OPEN) return;
      if (ws.bufferedAmount > HIGH_WATER_MARK_BYTES) return ws.terminate();
      ws.send(JSON.stringify(order));
    },
    sound(slot, pcm) {
      if (ws.readyState !== ws.OPEN) return;
      if (ws.bufferedAmount > mostSoundBytes) return onDropped();
      ws.send(frameAudio(slot, pcm));
    },
    close(code, reason) {
      // After the end the agent closes by itself, once its last words are stored and shown.
      if (code !== practiceCloseCodes.over) ws.close(code, reason);
      setTimeout(() => ws.terminate(), timing.lastWordsMs).unref();
    },
  };
  const seat = room.letAgentIn(peer);
  if (seat === null) ws.close(practiceCloseCodes.over, "The call is over.");
  ws.on("error", (error) => log.debug({ err: error }, "practice agent's socket"));
  ws.on("close", () => seat?.gone());
  ws.on("message", (data, isBinary) => {
    const word = isBinary ? null : AgentWord.safeParse(jsonOf(data));
    if (word?.success) seat?.hear(word.data);
  });
}
