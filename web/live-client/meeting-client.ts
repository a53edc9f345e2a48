import { z } from "zod";
import { meetingCloseCodes } from "#domain/meeting-socket.ts";
import { createReconnector } from "./reconnector.ts";
import type { ConnectionStatus, ReconnectOptions } from "./reconnector.ts";

/** A segment as `/ws/meeting/{id}` sends it; `timestamp` is seconds into the recording. */
interface MeetingSegment {
  id?: string;
  speaker: string;
  text: string;
  timestamp: number;
}

/** C-36. `onError` hears of failed processing, and of a connection that was ended for good. */
export interface MeetingCallbacks {
  onTranscript?: (segment: MeetingSegment) => void;
  onStatus?: (status: string, details: { message: string; stage: string }) => void;
  onSummary?: (summary: string, actionItems: string[]) => void;
  onError?: (error: string) => void;
  onConnected?: () => void;
}

/** A live token, or how to get a fresh one (null: signed out). */
export type MeetingToken = string | (() => Promise<string | null>);

export interface MeetingClientOptions extends ReconnectOptions {
  /** `wss://host`; made from the page's own address where absent (C-64). */
  origin?: string;
  pingMs?: number;
  pongTimeoutMs?: number;
}

const Message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("connected") }),
  z.object({ type: z.literal("pong") }),
  z.object({
    type: z.literal("status"),
    status: z.string(),
    details: z.object({ message: z.string(), stage: z.string() }),
  }),
  z.object({
    type: z.literal("transcript"),
    segment: z.object({ id: z.string().optional(), speaker: z.string(), text: z.string(), timestamp: z.number() }),
  }),
  z.object({ type: z.literal("summary"), summary: z.string(), action_items: z.array(z.string()) }),
  z.object({ type: z.literal("error"), error: z.string() }),
]);
const Numbered = z.object({ seq: z.number().optional() });
const Claims = z.object({ exp: z.number() });

/** Follows one meeting over `/ws/meeting/{id}`; reconnects, resumes where it stopped, repeats no segment. */
export function createMeetingClient(
  meetingId: string,
  token: MeetingToken,
  callbacks: MeetingCallbacks,
  onStatus: (status: ConnectionStatus) => void,
  { origin, pingMs = 25_000, pongTimeoutMs = 20_000, ...reconnect }: MeetingClientOptions = {},
) {
  const shown = new Set<string>();
  let ws: WebSocket | null = null;
  let seq: number | undefined;
  let opening = 0;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let pongDue: ReturnType<typeof setTimeout> | undefined;
  const reconnector = createReconnector({ ...reconnect, connect: () => void open(), onStatus });

  async function open() {
    opening += 1;
    const mine = opening;
    const fresh = typeof token === "string" ? token : await token().catch(() => undefined);
    if (mine !== opening) return;
    if (fresh === undefined) return reconnector.lost();
    // A browser does not tell why an upgrade was refused, so a token that has run out is found out here.
    if (fresh === null || isExpired(fresh)) return reconnector.refused();
    const base = origin ?? window.location.origin.replace(/^http/, "ws");
    const query = new URLSearchParams({ token: fresh, ...(seq === undefined ? {} : { after: String(seq) }) });
    const address = `${base}/ws/meeting/${encodeURIComponent(meetingId)}?${query}`;
    const next = new WebSocket(address);
    let wasOpen = false;
    ws = next;
    next.addEventListener("open", () => {
      wasOpen = true;
      reconnector.opened();
      heartbeat = setInterval(ping, pingMs);
    });
    next.addEventListener("message", ({ data }) => {
      clearTimeout(pongDue);
      pongDue = undefined;
      if (ws === next) hear(String(data));
    });
    next.addEventListener("close", ({ code }) => {
      if (ws !== next) return;
      if (wasOpen) closed(code);
      else void refused(address, mine);
    });
  }

  /** The connection was never made. Whether another try can help is told by plain HTTP only. */
  async function refused(address: string, mine: number) {
    leave();
    const status = await fetch(address.replace(/^ws/, "http"), { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => answer.status,
      () => null,
    );
    if (mine !== opening) return;
    if (status === 401) closed(meetingCloseCodes.signedOut);
    else if (status === 404) closed(meetingCloseCodes.accessLost);
    else reconnector.lost();
  }

  function ping() {
    ws?.send(JSON.stringify({ type: "ping" }));
    pongDue ??= setTimeout(() => {
      // A half-open connection answers no close either, so its end is not waited for.
      const silent = ws;
      closed(1006);
      silent?.close();
    }, pongTimeoutMs);
  }

  function hear(text: string) {
    const raw: unknown = JSON.parse(text);
    const { data: message } = Message.safeParse(raw);
    if (message !== undefined) dispatch(message);
    seq = Numbered.parse(raw).seq ?? seq;
  }

  function dispatch(message: z.infer<typeof Message>) {
    switch (message.type) {
      case "connected":
        return callbacks.onConnected?.();
      case "status":
        return callbacks.onStatus?.(message.status, message.details);
      case "transcript": {
        const { id } = message.segment;
        if (id !== undefined && shown.has(id)) return;
        if (id !== undefined) shown.add(id);
        return callbacks.onTranscript?.(message.segment);
      }
      case "summary":
        return callbacks.onSummary?.(message.summary, message.action_items);
      case "error":
        return callbacks.onError?.(message.error);
      case "pong":
        return;
      default:
        return message satisfies never;
    }
  }

  function closed(code: number) {
    leave();
    if (code === meetingCloseCodes.signedOut && typeof token === "string") return reconnector.refused();
    if (code === meetingCloseCodes.accessLost || code === meetingCloseCodes.deleted) {
      reconnector.stop();
      callbacks.onError?.("This meeting was deleted, or is not yours to watch any more.");
      return;
    }
    reconnector.lost();
  }

  function leave() {
    ws = null;
    clearInterval(heartbeat);
    clearTimeout(pongDue);
    pongDue = undefined;
  }

  return {
    connect() {
      if (ws === null) reconnector.start();
    },
    disconnect() {
      const last = ws;
      opening += 1;
      leave();
      reconnector.stop();
      last?.close(1000);
    },
    retryNow: () => reconnector.retryNow(),
    dispose: () => reconnector.dispose(),
  };
}

function isExpired(token: string): boolean {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const claims = Claims.safeParse(JSON.parse(atob(payload)));
    return claims.success && claims.data.exp * 1000 <= Date.now();
  } catch {
    return false;
  }
}
