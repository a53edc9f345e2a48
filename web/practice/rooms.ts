import { setTimeout as sleep } from "node:timers/promises";
import { createInboxNotifier } from "#records/queues/inbox.ts";
import {
  agentToken,
  claimRoom,
  endRoom,
  renewRooms,
  releaseRooms,
  roomLeaseMs,
} from "#records/meetings/practice-rooms.ts";
import type { WebDeps } from "../deps.ts";
import { emitCallEnded, emitJoined, emitLeft, emitCallStarted } from "./call-events.ts";
import type { CallOf } from "./call-events.ts";
import type { Presence } from "./presence.ts";
import { createRoom } from "./room.ts";
import type { Guest, Room } from "./room.ts";
import { practiceCloseCodes } from "#domain/practice.ts";

export interface RoomsOptions {
  /** Where other processes reach this one. */
  address: () => string;
  presence: Pick<Presence, "id" | "isSeen">;
  graceMs?: number | undefined;
  heartbeatMs?: number | undefined;
  leaseMs?: number | undefined;
  mostPeople?: number | undefined;
}

/** Where the room of a meeting is. */
export type RoomLocation =
  | { kind: "here"; held: HeldRoom }
  | { kind: "elsewhere"; address: string }
  | { kind: "over" }
  | { kind: "unknown" };

export interface HeldRoom {
  room: Room;
  /** What lets the agent in. */
  token: string;
}

export type Rooms = ReturnType<typeof createRooms>;

const CLOSE_TIMEOUT_MS = 3_000;

/** The practice rooms of this process: opened for the first person, kept by heartbeats, closed with the call. */
export function createRooms({ prisma, pool, log }: Pick<WebDeps, "prisma" | "pool" | "log">, options: RoomsOptions) {
  const { address, presence, graceMs = 20_000, heartbeatMs = 5_000, leaseMs = roomLeaseMs, mostPeople = 12 } = options;
  const holder = presence.id;
  const held = new Map<string, HeldRoom>();
  const opening = new Map<string, Promise<RoomLocation>>();
  const settling = new Set<Promise<void>>();
  const ring = createInboxNotifier(pool);
  let isClosing = false;

  /** Finds the room, or opens it here where nobody has. */
  function placeOf(meetingId: string): Promise<RoomLocation> {
    const here = held.get(meetingId);
    if (here) return Promise.resolve(here.room.isOver() ? { kind: "over" } : { kind: "here", held: here });
    const begun = opening.get(meetingId) ?? open(meetingId).finally(() => opening.delete(meetingId));
    opening.set(meetingId, begun);
    return begun;
  }

  async function open(meetingId: string): Promise<RoomLocation> {
    if (isClosing || !presence.isSeen()) return { kind: "elsewhere", address: "" };
    const claim = await claimRoom(prisma, { meetingId, address: address(), holder, leaseMs });
    if (claim.kind !== "mine") return claim;
    const { sessionId, startedAt, agentName } = claim;
    const call: CallOf = { meetingId, sessionId, startedAt };
    await emitCallStarted(pool, call);
    ring();
    const room = createRoom({
      sessionId,
      startedAt,
      agentName,
      graceMs,
      mostPeople,
      onJoined: (guest) => note(emitJoined, call, guest, new Date()),
      onLeft: (guest, at) => note(emitLeft, call, guest, at),
      onOver(_by, at) {
        const settled = settle(call, at).finally(() => settling.delete(settled));
        settling.add(settled);
      },
    });
    const here: HeldRoom = { room, token: agentToken({ agentSecret: claim.agentSecret, sessionId }) };
    held.set(meetingId, here);
    return { kind: "here", held: here };
  }

  // One person's coming and going is not worth a wait: the call's start and end are told of by themselves.
  function note(tell: typeof emitJoined, call: CallOf, guest: Guest, at: Date) {
    tell(pool, call, guest, at).then(ring, (error: unknown) =>
      log.warn({ err: error, meetingId: call.meetingId }, "could not tell who came or went"),
    );
  }

  /** Tells of the end, for as long as it takes: people have left and cannot do it again. */
  async function settle(call: CallOf, at: Date): Promise<void> {
    const { meetingId } = call;
    for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, 10_000)) {
      try {
        await emitCallEnded(pool, call, at);
        ring();
        await endRoom(prisma, { meetingId, holder, at });
        break;
      } catch (error) {
        log.warn({ err: error, meetingId }, "could not tell of a call's end; it is tried again");
        if (isClosing) break;
        await sleep(waitMs);
      }
    }
    held.delete(meetingId);
  }

  const isMissing = { isMine: true, isOpen: false, agentState: "away", agentMessage: "" };

  async function renewLeases() {
    const meetingIds = [...held].filter(([, { room }]) => !room.isOver()).map(([id]) => id);
    if (meetingIds.length === 0) return;
    const news = await renewRooms(prisma, { holder, meetingIds });
    for (const meetingId of meetingIds) {
      const room = held.get(meetingId)?.room;
      if (room === undefined || room.isOver()) continue;
      const told = news.get(meetingId) ?? isMissing;
      if (told.isMine || !told.isOpen) room.learn(told);
      else {
        held.delete(meetingId);
        room.dissolve(practiceCloseCodes.moved, "The room has moved: connect again.");
      }
    }
  }

  let renewing = false;
  const heartbeat = setInterval(() => {
    if (renewing) return;
    renewing = true;
    renewLeases()
      .catch((error: unknown) => log.warn({ err: error }, "the practice rooms' heartbeat failed"))
      .finally(() => (renewing = false));
  }, heartbeatMs);

  return {
    placeOf,
    /** The room if it is here; opens none. */
    here: (meetingId: string) => held.get(meetingId) ?? null,
    count: () => held.size,
    people: () => [...held.values()].reduce((sum, { room }) => sum + room.people(), 0),
    /** Gives the rooms up in a way that lets calls go on elsewhere. */
    async close() {
      isClosing = true;
      clearInterval(heartbeat);
      for (const { room } of held.values()) {
        if (!room.isOver()) room.dissolve(practiceCloseCodes.restarting, "The server restarts.");
      }
      await Promise.race([
        Promise.all([...settling, ...opening.values()]),
        sleep(CLOSE_TIMEOUT_MS, null, { ref: false }),
      ]);
      await releaseRooms(prisma, holder).catch(() => undefined);
    },
  };
}
