import { largestFrameBytes, practiceCloseCodes, RoomMessage } from "#domain/practice.ts";
import type { PersonMessage, PracticeAgent, PracticeCaption, PracticePerson } from "#domain/practice.ts";
import { createReconnector } from "../live-client/reconnector.ts";
import type { ConnectionStatus, ReconnectOptions } from "../live-client/reconnector.ts";

/**
 * How a call ended for this person. `last`: with them it is over; `left`: it goes on; `ended`: it ended for everybody;
 * `replaced`: they joined from elsewhere; `full`: there was no place.
 */
export type PracticeOutcome = "left" | "last" | "ended" | "replaced" | "full";

export interface PracticeState {
  connection: ConnectionStatus;
  /** Null until the room has let this person in for the first time. */
  participantId: string | null;
  people: readonly PracticePerson[];
  agent: PracticeAgent;
  /** In the order in which they began. */
  captions: readonly PracticeCaption[];
  /** When the call began, by this browser's clock. */
  startedAt: number | null;
  outcome: PracticeOutcome | null;
}

export interface PracticeClientOptions extends ReconnectOptions {
  meetingId: string;
  ticket: string;
  /** `wss://host`; made from the page's own address where absent. */
  origin?: string;
  /** Captions as they come; not those of the time before this person joined. */
  onCaption?: (caption: PracticeCaption) => void;
  pingMs?: number;
  pongTimeoutMs?: number;
}

export type PracticeClient = ReturnType<typeof createPracticeClient>;

const CLOSE_TIMEOUT_MS = 1_000;
/** Two seconds of sound that the network has not taken are enough; what comes then is dropped. */
const MOST_UNSENT_BYTES = largestFrameBytes;

const nobody: PracticeAgent = { name: "", state: "away", message: "" };

/** One person's part in a practice call: comes back by itself after a lost connection, says and hears. */
export function createPracticeClient(options: PracticeClientOptions) {
  const { meetingId, ticket, origin, onCaption, pingMs = 10_000, pongTimeoutMs = 10_000, ...reconnect } = options;
  const listeners = new Set<() => void>();
  const captions = new Map<string, PracticeCaption>();
  let ws: WebSocket | null = null;
  let isMuted = false;
  let leaving: PracticeOutcome | null = null;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let pongDue: ReturnType<typeof setTimeout> | undefined;
  let state: PracticeState = {
    connection: { state: "idle" },
    participantId: null,
    people: [],
    agent: nobody,
    captions: [],
    startedAt: null,
    outcome: null,
  };
  const change = (next: Partial<PracticeState>) => {
    state = { ...state, ...next };
    listeners.forEach((listener) => listener());
  };
  const reconnector = createReconnector({
    ...reconnect,
    connect: open,
    onStatus: (connection) => change({ connection }),
  });

  function open() {
    const base = origin ?? window.location.origin.replace(/^http/, "ws");
    const next = new WebSocket(`${base}/ws/practice/${meetingId}?${new URLSearchParams({ ticket })}`);
    ws = next;
    next.addEventListener("open", () => {
      heartbeat = setInterval(ping, pingMs);
    });
    next.addEventListener("message", ({ data }) => {
      clearTimeout(pongDue);
      pongDue = undefined;
      const message = ws === next ? RoomMessage.safeParse(JSON.parse(String(data))) : null;
      if (message?.success) hear(message.data);
    });
    next.addEventListener("close", ({ code }) => {
      if (ws === next) closed(code);
    });
  }

  function ping() {
    send({ type: "ping" });
    pongDue ??= setTimeout(() => {
      // A half-open connection answers no close either, so its end is not waited for.
      const silent = ws;
      closed(1006);
      silent?.close();
    }, pongTimeoutMs);
  }

  function hear(message: RoomMessage) {
    switch (message.type) {
      case "joined":
        return joined(message);
      case "participants":
        return change({ people: message.people });
      case "agent":
        return change({ agent: { name: message.name, state: message.state, message: message.message } });
      case "caption": {
        const { type: _, ...caption } = message;
        captions.set(caption.itemId, caption);
        change({ captions: [...captions.values()] });
        return onCaption?.(caption);
      }
      case "ended":
        leaving ??= message.by === "left" ? "left" : "ended";
        return;
      case "pong":
        return;
      default:
        return message satisfies never;
    }
  }

  function joined({
    participantId,
    elapsedMs,
    people,
    agent,
    captions: known,
  }: Extract<RoomMessage, { type: "joined" }>) {
    reconnector.opened();
    // A room that has moved to another process does not know what was said before; this page still does.
    for (const [itemId, caption] of captions) captions.set(itemId, { ...caption, final: true });
    for (const caption of known) captions.set(caption.itemId, caption);
    const startedAt = Date.now() - elapsedMs;
    change({ participantId, people, agent, captions: [...captions.values()], startedAt });
    if (isMuted) send({ type: "mute", muted: true });
  }

  function closed(code: number) {
    letGo();
    if (leaving !== null || code === practiceCloseCodes.over) return finish(leaving ?? "ended");
    if (code === practiceCloseCodes.replaced) return finish("replaced");
    if (code === practiceCloseCodes.full) return finish("full");
    reconnector.lost();
  }

  function letGo() {
    ws = null;
    clearInterval(heartbeat);
    clearTimeout(pongDue);
    pongDue = undefined;
  }

  function finish(outcome: PracticeOutcome) {
    if (state.outcome !== null) return;
    const last = ws;
    letGo();
    reconnector.stop();
    last?.close(1000);
    change({ outcome });
  }

  function send(message: PersonMessage): boolean {
    if (ws?.readyState !== WebSocket.OPEN) return false;
    ws.send(JSON.stringify(message));
    return true;
  }

  /** Says goodbye, and goes also where nobody answers: the room notices by itself then. */
  function go(message: PersonMessage, outcome: PracticeOutcome) {
    leaving = outcome;
    if (!send(message)) return finish(outcome);
    setTimeout(() => finish(outcome), CLOSE_TIMEOUT_MS);
  }

  return {
    state: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Connects; also again, after the person had joined elsewhere. */
    start() {
      leaving = null;
      if (state.outcome !== null) change({ outcome: null });
      reconnector.start();
    },
    retryNow: () => reconnector.retryNow(),
    /** False: there is no connection now, and nothing was said. */
    say: (text: string) => send({ type: "say", text }),
    mute(muted: boolean) {
      isMuted = muted;
      send({ type: "mute", muted });
    },
    interrupt: () => void send({ type: "interrupt" }),
    spoken: (itemId: string, chars: number, done: boolean) => void send({ type: "spoken", itemId, chars, done }),
    sound(samples: ArrayBuffer) {
      const isOpen = ws?.readyState === WebSocket.OPEN && state.participantId !== null;
      if (isOpen && !isMuted && ws !== null && ws.bufferedAmount < MOST_UNSENT_BYTES) ws.send(samples);
    },
    leave() {
      const others = state.people.filter(({ id }) => id !== state.participantId);
      go({ type: "leave" }, others.length === 0 ? "last" : "left");
    },
    endForAll: () => go({ type: "end" }, "ended"),
    /** Lets go without a word: the room keeps the place for a moment. */
    close() {
      const last = ws;
      letGo();
      reconnector.stop();
      reconnector.dispose();
      last?.close(1000);
    },
  };
}
