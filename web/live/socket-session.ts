import type { Socket } from "socket.io";
import type { DefaultEventsMap } from "socket.io";
import { z } from "zod";
import { parseTopic, Subscribe } from "#domain/live.ts";
import type { LiveClientEvents, LiveServerEvents, SubscribeReply } from "#domain/live.ts";
import { createTokenBucket } from "./token-bucket.ts";
import type { BackPressure } from "./back-pressure.ts";
import type { Hub } from "./hub.ts";
import type { BroadcastGroup } from "./topic-feed.ts";

export interface SocketData {
  backlog: BackPressure;
}
export type LiveSocket = Socket<LiveClientEvents, LiveServerEvents, DefaultEventsMap, SocketData>;

interface SessionDeps {
  socket: LiveSocket;
  hub: Hub;
  group: BroadcastGroup;
  backlog: BackPressure;
  mayWatch: (topic: string) => Promise<boolean>;
  onDelivered: (number: number) => void;
  cut: () => void;
}

const MOST_SUBSCRIPTIONS = 100;
const Unsubscribe = z.object({ topic: z.string().max(100) });

const refusals = {
  invalid: "This is not a subscription.",
  not_found: "There is nothing here, or it is not yours to see.",
  limit: "Too many subscriptions or messages on this connection.",
} as const;

/** What one Socket.IO connection watches, and how it says so. */
export function createSocketSession({ socket, hub, group, backlog, mayWatch, onDelivered, cut }: SessionDeps) {
  const subscriptions = new Map<string, () => void>();
  const spend = createTokenBucket({ burst: 200, perSecond: 20 });

  function drop(topic: string) {
    subscriptions.get(topic)?.();
    subscriptions.delete(topic);
    void socket.leave(topic);
  }

  async function subscribe(request: unknown, reply: unknown) {
    const answer = (result: SubscribeReply) => typeof reply === "function" && reply(result);
    const parsed = Subscribe.safeParse(request);
    const topic = parsed.success ? parsed.data.topic : "";
    const refuse = (code: keyof typeof refusals) => answer({ ok: false, topic, code, message: refusals[code] });
    if (!spend()) return refuse("limit");
    if (!parsed.success || parseTopic(topic) === null) return refuse("invalid");
    if (!subscriptions.has(topic) && subscriptions.size >= MOST_SUBSCRIPTIONS) return refuse("limit");
    // Taken before the question is answered, so that a newer wish for the topic takes this one's place.
    drop(topic);
    const pending = () => undefined;
    subscriptions.set(topic, pending);
    const allowed = await mayWatch(topic);
    if (subscriptions.get(topic) !== pending) return;
    subscriptions.delete(topic);
    if (!allowed) return refuse("not_found");
    answer({ ok: true, topic });
    watch(topic, parsed.data.after);
  }

  function watch(topic: string, after: number) {
    const stop = hub.subscribe({
      topic,
      after,
      group,
      deliver(events) {
        for (const event of events) socket.emit("event", event);
        onDelivered(events.length);
      },
      // A reader that takes too long is cut; it resumes by number when it is back.
      drained: () => backlog.drained().catch(cut),
      level: () => void socket.join(topic),
      gone(code) {
        drop(topic);
        socket.emit("gone", { topic, code });
      },
    });
    subscriptions.set(topic, stop);
  }

  function unsubscribe(request: unknown) {
    const parsed = Unsubscribe.safeParse(request);
    if (parsed.success) drop(parsed.data.topic);
  }

  return {
    subscribe,
    unsubscribe,
    topics: () => subscriptions.keys(),
    /** Ends a subscription that is not this person's any more. */
    lose: (topic: string) => {
      if (!subscriptions.has(topic)) return;
      drop(topic);
      socket.emit("gone", { topic, code: "not_found" });
    },
    close() {
      for (const topic of subscriptions.keys()) drop(topic);
    },
  };
}
