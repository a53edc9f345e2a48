import type { Logger } from "pino";
import { isId } from "#domain/ids.ts";
import { channelTopic } from "#domain/live.ts";
import { roomEventsOf } from "#domain/channels/events.ts";
import type { ChannelRoomEvent } from "#domain/channels/events.ts";
import { presentJobEvents } from "#records/channels/job-feed.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Hub } from "./hub.ts";
import { createTokenBucket } from "./token-bucket.ts";
import type { LiveSocket } from "./socket-session.ts";

interface Deps {
  socket: LiveSocket;
  prisma: PrismaClient;
  hub: Hub;
  log: Logger;
  mayWatch: (topic: string) => Promise<boolean>;
  drained: () => Promise<void>;
  onDelivered: (number: number) => void;
}

/** As many channels as one connection follows. */
const mostRooms = 20;

/**
 * The reference design's rooms on a connection: who says `subscribe:agent` with a channel's id gets each of its jobs
 * that is at work once, as it stands, and the end of those that ended in the last ten minutes; from there on what
 * happens to them. Said again, it begins anew. Whoever may
 * not see the channel gets nothing, as if there were none.
 */
export function createAgentRooms({ socket, prisma, hub, log, mayWatch, drained, onDelivered }: Deps) {
  const rooms = new Map<string, () => void>();
  const spend = createTokenBucket({ burst: 40, perSecond: 4 });

  const emit = (agentId: string, events: readonly ChannelRoomEvent[]) => {
    for (const event of events) emitOn(socket, event);
    onDelivered(events.length);
    if (events.length === 0) return;
    log.debug({ socket: socket.id, agentId, events: events.map(({ name }) => name) }, "live connection was told");
  };

  function leave(agentId: string) {
    const stop = rooms.get(agentId);
    if (stop === undefined) return;
    stop();
    rooms.delete(agentId);
    if (!socket.rooms.has(`agent:${agentId}`)) return;
    void socket.leave(`agent:${agentId}`);
    log.info({ socket: socket.id, agentId }, "live connection leaves a channel");
  }

  async function join(agentId: string) {
    const topic = channelTopic(agentId);
    leave(agentId);
    if (rooms.size >= mostRooms) return;
    const pending = () => undefined;
    rooms.set(agentId, pending);
    const isTheirs = await mayWatch(topic);
    const { seq, events } = isTheirs ? await presentJobEvents(prisma, agentId) : { seq: 0, events: [] };
    // Left, or joined anew, while the question was answered.
    if (rooms.get(agentId) !== pending) return;
    if (!isTheirs) return leave(agentId);
    log.info({ socket: socket.id, agentId }, "live connection follows a channel");
    void socket.join(`agent:${agentId}`);
    emit(agentId, events);
    const stop = hub.subscribe({
      topic,
      after: seq,
      deliver: (news) => emit(agentId, news.flatMap(roomEventsOf)),
      drained,
      gone: () => void join(agentId).catch(onError),
    });
    rooms.set(agentId, stop);
  }

  function onError(error: unknown) {
    log.error({ err: error, socket: socket.id }, "a channel's room could not be joined");
  }

  return {
    subscribe: (agentId: unknown) => {
      if (typeof agentId === "string" && isId(agentId) && spend()) void join(agentId).catch(onError);
    },
    unsubscribe: (agentId: unknown) => {
      if (typeof agentId === "string") leave(agentId);
    },
    topics: () => [...rooms.keys()].map(channelTopic),
    /** Ends what is not this person's any more. */
    lose: (topic: string) => {
      for (const agentId of rooms.keys()) if (channelTopic(agentId) === topic) leave(agentId);
    },
    close: () => {
      for (const agentId of rooms.keys()) leave(agentId);
    },
  };
}

// One by one: of a name and its data together the compiler knows that they fit.
function emitOn(socket: LiveSocket, event: ChannelRoomEvent): boolean {
  switch (event.name) {
    case "job:progress":
      return socket.emit(event.name, event.data);
    case "job:completed":
      return socket.emit(event.name, event.data);
    case "job:failed":
      return socket.emit(event.name, event.data);
    case "video:discovered":
      return socket.emit(event.name, event.data);
    case "backfill:started":
      return socket.emit(event.name, event.data);
    case "backfill:completed":
      return socket.emit(event.name, event.data);
    case "backfill:failed":
      return socket.emit(event.name, event.data);
    default:
      return event satisfies never;
  }
}
