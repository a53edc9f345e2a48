import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import type { LiveEvent, SubscribeReply } from "#domain/live.ts";
import type { Person } from "./person.ts";

export interface Watch {
  url: string;
  person: Person;
  topic: string;
  /** The last number seen. */
  after?: number;
  /** Where the viewer sits: the server counts connections by address. */
  address?: string;
}

/** Connects as a browser does, subscribes to one topic and hands over its events. Resolves once subscribed. */
export function watch(
  { url, person, topic, after = 0, address = "127.0.0.1" }: Watch,
  onEvent: (event: LiveEvent) => void,
): Promise<Socket> {
  const socket = io(url, {
    transports: ["websocket"],
    forceNew: true,
    extraHeaders: { cookie: person.cookie, origin: person.origin, "x-forwarded-for": address },
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
