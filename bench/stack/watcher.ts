import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import type { LiveEvent, SubscribeReply } from "#domain/live.ts";
import type { Person } from "./person.ts";

/** Connects as a browser does, subscribes to one topic and hands over its events. Resolves once subscribed. */
export function watch(
  { url, person, topic, after = 0 }: { url: string; person: Person; topic: string; after?: number },
  onEvent: (event: LiveEvent) => void,
): Promise<Socket> {
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    extraHeaders: { cookie: person.cookie, origin: person.origin },
  });
  socket.on("event", onEvent);
  return new Promise((resolve, reject) => {
    socket.once("connect_error", reject);
    socket.once("connect", () => {
      socket.timeout(10_000).emit("subscribe", { topic, after }, (error: Error | null, reply: SubscribeReply) => {
        if (error) reject(error);
        else if (reply.ok) resolve(socket);
        else reject(new Error(`Subscribing to ${topic} was refused: ${reply.message}`));
      });
    });
  });
}
