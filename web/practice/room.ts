import type {
  AgentOrder,
  AgentWord,
  PersonMessage,
  PracticeCaption,
  PracticeEnd,
  PracticePerson,
  PracticeRole,
  RoomMessage,
} from "#domain/practice.ts";
import { practiceCloseCodes } from "#domain/practice.ts";
import type { RoomState } from "#records/meetings/practice-rooms.ts";
import { newId } from "#records/ids.ts";
import { createStage } from "./captions.ts";

export interface PersonPeer {
  send(message: RoomMessage): void;
  close(code: number, reason: string): void;
}

export interface AgentPeer {
  send(order: AgentOrder): void;
  /** Sound may be dropped where the agent does not keep up; orders are not. */
  sound(slot: number, pcm: Uint8Array): void;
  close(code: number, reason: string): void;
}

/** Somebody who has joined and not left. */
export interface Guest {
  id: string;
  /** Of this stay: who leaves and comes back has another. */
  stayId: string;
  slot: number;
  name: string;
  role: PracticeRole;
  muted: boolean;
  /** Words begun before this are not for them (ms since the epoch): a guest hears a call from their coming on. */
  hearsSince: number;
  /** Null while the connection is lost. */
  peer: PersonPeer | null;
  lostAt: Date | null;
  timer: NodeJS.Timeout | undefined;
}

export interface RoomOptions {
  sessionId: string;
  startedAt: Date;
  agentName: string;
  /** How long a lost connection may take to come back before it counts as left. */
  graceMs: number;
  mostPeople: number;
  onJoined: (guest: Guest) => void;
  onLeft: (guest: Guest, at: Date) => void;
  /** The call is over, since this moment. Called once. */
  onOver: (by: PracticeEnd, at: Date) => void;
}

export type Room = ReturnType<typeof createRoom>;

const mostUnconfirmed = 100;

/** One practice call: who is in it, what is said, and when it is over. Knows nothing of sockets or the database. */
export function createRoom(options: RoomOptions) {
  const { sessionId, startedAt, agentName, graceMs, mostPeople, onJoined, onLeft, onOver } = options;
  const guests = new Map<string, Guest>();
  const unconfirmed = new Map<string, Extract<AgentOrder, { type: "say" }>>();
  let agent: AgentPeer | null = null;
  let reply: { itemId: string; chars: number; waiting: Set<string> } | null = null;
  let lastSlot = 0;
  let isOver = false;
  // The room is made for somebody; if they never arrive it is as if they had been lost.
  let empty = setTimeout(() => end("empty", new Date()), graceMs);

  const stage = createStage({
    agentName,
    onCaption(caption, begunAt) {
      for (const { peer, hearsSince } of guests.values()) {
        if (begunAt >= hearsSince) peer?.send({ type: "caption", ...caption });
      }
    },
    onAgent: (is) => broadcast({ type: "agent", ...is }),
    onReply(itemId) {
      const present = [...guests.values()].filter(({ peer }) => peer !== null);
      reply = itemId === null ? null : { itemId, chars: 0, waiting: new Set(present.map(({ id }) => id)) };
    },
  });

  const broadcast = (message: RoomMessage) => {
    for (const { peer } of guests.values()) peer?.send(message);
  };
  const people = (): PracticePerson[] =>
    [...guests.values()].map(({ id, name, role, muted, peer }) => ({ id, name, role, muted, away: peer === null }));
  const seats = () => [...guests.values()].map(({ slot, id, name, muted }) => ({ slot, id, name, muted }));
  const tellPeople = () => {
    broadcast({ type: "participants", people: people() });
    agent?.send({ type: "room", people: seats() });
  };

  function join({ id, name, role }: Pick<Guest, "id" | "name" | "role">, peer: PersonPeer) {
    const known = guests.get(id);
    if (isOver) peer.close(practiceCloseCodes.over, "The call is over.");
    else if (known === undefined && guests.size >= mostPeople) peer.close(practiceCloseCodes.full, "The room is full.");
    else return seat(known ?? newGuest({ id, name, role }), peer);
    return null;
  }

  function newGuest({ id, name, role }: Pick<Guest, "id" | "name" | "role">): Guest {
    lastSlot = (lastSlot + 1) % 0xffff;
    const state = { muted: false, peer: null, lostAt: null, timer: undefined };
    const hearsSince = role === "guest" ? Date.now() : 0;
    return { id, stayId: newId(), slot: lastSlot, name, role, hearsSince, ...state };
  }

  function seat(guest: Guest, peer: PersonPeer) {
    clearTimeout(empty);
    clearTimeout(guest.timer);
    const isNew = !guests.has(guest.id);
    const before = guest.peer;
    // A page that was loaded anew is not muted; one that comes back muted says so.
    Object.assign(guest, { peer, lostAt: null, muted: false });
    guests.set(guest.id, guest);
    before?.close(practiceCloseCodes.replaced, "You have joined from elsewhere.");
    peer.send({
      type: "joined",
      participantId: guest.id,
      sessionId,
      elapsedMs: Date.now() - startedAt.getTime(),
      people: people(),
      agent: stage.agent(),
      captions: stage.captions(guest.hearsSince),
    });
    tellPeople();
    if (isNew) onJoined(guest);
    return {
      hear: (message: PersonMessage) => hear(guest, message),
      sound(pcm: Uint8Array) {
        if (guest.peer === peer && !guest.muted) agent?.sound(guest.slot, pcm);
      },
      gone() {
        if (guest.peer === peer) lose(guest);
      },
    };
  }

  function hear(guest: Guest, message: PersonMessage) {
    switch (message.type) {
      case "say":
        return say(guest, message.text);
      case "mute":
        guest.muted = message.muted;
        return tellPeople();
      case "interrupt":
        return agent?.send({ type: "interrupt" });
      case "spoken":
        if (reply?.itemId !== message.itemId) return;
        reply.chars = Math.max(reply.chars, message.chars);
        return message.done ? listenedTo(guest) : tellSpoken();
      case "leave":
        guest.peer?.send({ type: "ended", by: "left" });
        guest.peer?.close(practiceCloseCodes.over, "You left the call.");
        return leave(guest, new Date());
      case "end":
        return guest.role === "host" ? end("host", new Date()) : undefined;
      case "ping":
        return guest.peer?.send({ type: "pong" });
      default:
        return message satisfies never;
    }
  }

  function say({ id, name }: Guest, text: string) {
    const order = { type: "say", itemId: newId(), participantId: id, name, text } as const;
    const who = { speaker: "person", participantId: id, name } as const;
    const at = new Date().toISOString();
    const caption: PracticeCaption = { itemId: order.itemId, ...who, text, final: true, interrupted: false, at };
    stage.show(caption);
    if (unconfirmed.size < mostUnconfirmed) unconfirmed.set(order.itemId, order);
    agent?.send(order);
  }

  /** This person has heard (or read) the reply to its end, or is not there to hear it. */
  function listenedTo({ id }: Guest) {
    if (reply?.waiting.delete(id)) tellSpoken();
  }

  function tellSpoken() {
    if (reply === null) return;
    agent?.send({ type: "spoken", itemId: reply.itemId, chars: reply.chars, done: reply.waiting.size === 0 });
  }

  function lose(guest: Guest) {
    if (isOver) return;
    Object.assign(guest, { peer: null, lostAt: new Date() });
    guest.timer = setTimeout(() => leave(guest, guest.lostAt ?? new Date()), graceMs);
    listenedTo(guest);
    tellPeople();
  }

  function leave(guest: Guest, at: Date) {
    if (isOver || !guests.delete(guest.id)) return;
    clearTimeout(guest.timer);
    guest.peer = null;
    listenedTo(guest);
    onLeft(guest, at);
    if (guests.size === 0) return end("empty", at);
    tellPeople();
  }

  function end(by: PracticeEnd, at: Date) {
    if (isOver) return;
    broadcast({ type: "ended", by });
    agent?.send({ type: "end" });
    for (const guest of guests.values()) onLeft(guest, guest.lostAt ?? at);
    dissolve(practiceCloseCodes.over, "The call is over.");
    onOver(by, at);
  }

  /** Sends everybody out without ending the call: another process, or this one later, carries it on. */
  function dissolve(code: number, reason: string) {
    isOver = true;
    clearTimeout(empty);
    stage.close();
    for (const guest of guests.values()) {
      clearTimeout(guest.timer);
      guest.peer?.close(code, reason);
    }
    agent?.close(code, reason);
  }

  /** Lets the agent in; a newer one takes the place of the one before. Null: the call is over. */
  function letAgentIn(peer: AgentPeer) {
    if (isOver) return null;
    agent?.close(practiceCloseCodes.replaced, "Another agent has joined.");
    agent = peer;
    peer.send({ type: "room", people: seats() });
    for (const order of unconfirmed.values()) peer.send(order);
    stage.become({ state: "listening", message: "" });
    return {
      hear(word: AgentWord) {
        if (agent !== peer) return;
        if (word.type === "note") return stage.become({ message: word.message });
        const { item_id: itemId } = word.event;
        if (typeof itemId === "string" && word.event.type.endsWith("transcription.completed"))
          unconfirmed.delete(itemId);
        stage.heard(word);
      },
      gone() {
        if (agent !== peer || isOver) return;
        agent = null;
        reply = null;
        stage.become({ state: "joining", message: "The connection to the agent was lost. It is coming back." });
      },
    };
  }

  /** What the database says of the call, now and then. */
  function learn({ agentState, agentMessage, isOpen }: RoomState) {
    if (!isOpen) return end("closed", new Date());
    if (agent !== null) return;
    if (agentState === "failed") stage.become({ state: "failed", message: agentMessage });
    else if (agentState === "joining" || agentState === "reconnecting") {
      stage.become({ state: "joining", message: agentMessage });
    }
  }

  return { join, letAgentIn, learn, dissolve, isOver: () => isOver, people: () => guests.size };
}
