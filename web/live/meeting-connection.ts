import type { RawData, WebSocket } from "ws";
import { z } from "zod";
import { conversationTopic } from "#domain/live.ts";
import type { DeliveredEvent } from "#domain/live.ts";
import { connected, meetingCloseCodes, renderEvent, renderHistory, noStagesSent } from "#domain/meeting-socket.ts";
import type { MeetingMessage, SentStages } from "#domain/meeting-socket.ts";
import { conversationSnapshot } from "#records/conversations/snapshot.ts";
import type { ConversationSnapshot } from "#records/conversations/snapshot.ts";
import { createTokenBucket } from "./token-bucket.ts";
import { CLOSE_TIMEOUT_MS, LOW_WATER_MARK_BYTES, LONGEST_WAIT_MS, HIGH_WATER_MARK_BYTES } from "./back-pressure.ts";
import type { Admission, MeetingSocketDeps } from "./meeting-socket.ts";

export type MeetingConnection = ReturnType<typeof openMeetingConnection>;

type Deps = Pick<MeetingSocketDeps, "prisma" | "hub" | "rights" | "metrics" | "log" | "pongTimeoutMs">;

const Ping = z.object({ type: z.literal("ping") });
const HISTORY_PAGE = 200;

/** One accepted `/ws/meeting/{id}`: says `connected`, brings the client up to date, then tells what happens. */
export function openMeetingConnection(ws: WebSocket, { grant, meetingId, after, snapshot }: Admission, deps: Deps) {
  const { prisma, hub, rights, metrics, log, pongTimeoutMs } = deps;
  const topic = conversationTopic(meetingId);
  const spend = createTokenBucket({ burst: 20, perSecond: 2 });
  let sentStages: SentStages = noStagesSent;
  let ending = false;
  const isOpen = () => !ending;
  let unsubscribe = () => {};
  let pongDue: NodeJS.Timeout | undefined;

  metrics.opened("meeting");
  ws.on("error", (error) => log.debug({ err: error }, "meeting socket"));
  ws.on("message", onMessage);
  ws.on("pong", () => clearTimeout(pongDue));
  ws.once("close", onClose);
  const stopChecking = rights.add({
    grant,
    topics: () => [topic],
    signedOut: () => end(meetingCloseCodes.signedOut, "The token has expired or was revoked."),
    lost: () => end(meetingCloseCodes.accessLost, "You may not watch this any more."),
  });
  const expiry = setTimeout(
    () => end(meetingCloseCodes.signedOut, "The token has expired."),
    grant.expiresAt - Date.now(),
  );
  void begin().catch(onFailure);

  async function begin() {
    const now = new Date().toISOString();
    const messages = snapshot === null ? [] : historyOf(snapshot, now);
    await sendAll(inTurn([connected(meetingId, now), ...messages], snapshot?.seq));
    follow(after);
  }

  function historyOf(from: ConversationSnapshot, now: string): MeetingMessage[] {
    const history = renderHistory(from, now);
    sentStages = history.sent;
    return history.messages;
  }

  async function sendAll(messages: MeetingMessage[]) {
    for (let start = 0; start < messages.length && isOpen(); start += HISTORY_PAGE) {
      for (const message of messages.slice(start, start + HISTORY_PAGE)) ws.send(JSON.stringify(message));
      await drained();
    }
  }

  function follow(from: number) {
    if (ending) return;
    unsubscribe = hub.subscribe({
      topic,
      after: from,
      deliver,
      drained,
      // What lies between is no longer kept: the whole history again, with the same ids.
      gone: () => void beginAgain().catch(onFailure),
    });
  }

  async function beginAgain() {
    const fresh = await conversationSnapshot(prisma, grant.userId, meetingId);
    if (fresh === null) return end(meetingCloseCodes.accessLost, "You may not watch this any more.");
    await sendAll(inTurn(historyOf(fresh, new Date().toISOString()), fresh.seq));
    follow(fresh.seq);
  }

  function deliver(events: readonly DeliveredEvent[]) {
    if (ending) return;
    if (ws.bufferedAmount > HIGH_WATER_MARK_BYTES) return cut();
    let sent = 0;
    for (const event of events) {
      if (event.type === "conversation.deleted") return end(meetingCloseCodes.deleted, "The meeting was deleted.");
      const rendered = renderEvent(event, sentStages);
      sentStages = rendered.sent;
      if (rendered.message === null) continue;
      ws.send(encoded(event, rendered.message));
      metrics.sent(event.at);
      sent += 1;
    }
    metrics.delivered("meeting", sent);
  }

  /** Waits until the client has read most of what was sent; one that does not read is cut. */
  async function drained() {
    const deadline = Date.now() + LONGEST_WAIT_MS;
    while (isOpen() && ws.bufferedAmount > LOW_WATER_MARK_BYTES) {
      if (Date.now() > deadline) return cut();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  function cut() {
    metrics.cut("meeting", "slow");
    end(meetingCloseCodes.tooSlow, "Too slow: connect again and resume.");
  }

  function onMessage(data: RawData, isBinary: boolean) {
    if (!spend()) return end(meetingCloseCodes.flood, "Too many messages.");
    if (isBinary || !Ping.safeParse(jsonOf(data)).success) return;
    if (ws.bufferedAmount > HIGH_WATER_MARK_BYTES) return cut();
    ws.send(JSON.stringify({ type: "pong", timestamp: new Date().toISOString() } satisfies MeetingMessage));
  }

  function ping() {
    if (ending) return;
    ws.ping();
    clearTimeout(pongDue);
    pongDue = setTimeout(() => {
      metrics.cut("meeting", "silent");
      ws.terminate();
    }, pongTimeoutMs);
  }

  function end(code: number, reason: string) {
    if (ending) return;
    ending = true;
    unsubscribe();
    ws.close(code, reason);
    setTimeout(() => ws.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  function onFailure(error: unknown) {
    log.error({ err: error, meetingId }, "meeting socket failed");
    end(1011, "Something went wrong. Connect again.");
  }

  function onClose() {
    ending = true;
    clearTimeout(expiry);
    clearTimeout(pongDue);
    unsubscribe();
    stopChecking();
    metrics.closed("meeting");
  }

  return { ping, end };
}

/** Puts the snapshot's number on the last message: only then has the client everything up to it. */
function inTurn(messages: MeetingMessage[], seq: number | undefined): MeetingMessage[] {
  const last = messages.at(-1);
  if (last === undefined || seq === undefined) return messages;
  return [...messages.slice(0, -1), { ...last, seq } as MeetingMessage];
}

// Everybody who watches a meeting gets the same bytes, made once.
const encodedEvents = new WeakMap<DeliveredEvent, string>();
function encoded(event: DeliveredEvent, message: MeetingMessage): string {
  const known = encodedEvents.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(message);
  encodedEvents.set(event, text);
  return text;
}

// A message comes as one buffer: the server is left at ws's default for that.
function jsonOf(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString("utf8"));
  } catch {
    return null;
  }
}
