import type { WebSocket } from "ws";
import { checkSession, mergeSession } from "./stream-session.ts";
import type { RealtimeSession } from "./stream-session.ts";
import { newId } from "./stream-speech.ts";
import type { ServerEvent } from "./stream-speech.ts";

/** A message an agent's side has sent, as it came. */
export interface ClientMessage {
  type: string;
  at: number;
  [field: string]: unknown;
}

const clientTypes = new Set([
  "response.create",
  "conversation.item.create",
  "conversation.item.delete",
  "conversation.item.retrieve",
  "conversation.item.truncate",
  "input_audio_buffer.append",
  "input_audio_buffer.commit",
  "input_audio_buffer.clear",
]);

/** One agent in a call: the realtime session behind `/video/connect_agent`, seen from OpenAI's side. */
export function openRealtimeLink(
  socket: WebSocket,
  { agentId, model, confirmsUpdates }: { agentId: string; model: string; confirmsUpdates: boolean },
) {
  const messages: ClientMessage[] = [];
  const waiting = new Set<() => void>();
  let session: RealtimeSession = {
    type: "realtime",
    model,
    instructions: "",
    output_modalities: ["audio"],
    audio: { input: { transcription: null, turn_detection: { type: "server_vad" } }, output: { voice: "alloy" } },
  };
  let lastUpdate: RealtimeSession | null = null;
  let refusedUpdates = 0;

  const send = (event: ServerEvent) => socket.send(JSON.stringify({ event_id: newId("event"), ...event }));
  const sendError = (error: { type: string; code: string; message: string; param?: string | null }) =>
    send({ type: "error", error: { param: null, event_id: null, ...error } });

  function take(message: ClientMessage): void {
    if (message.type === "session.update") {
      const checked = checkSession(message.session);
      if ("code" in checked) {
        refusedUpdates += 1;
        return sendError(checked);
      }
      lastUpdate = checked;
      session = mergeSession(session, checked);
      if (!confirmsUpdates) return undefined;
      return send({ type: "session.updated", session: { object: "realtime.session", ...session } });
    }
    if (message.type === "response.cancel") {
      const words = "Cancellation failed: no active response found";
      return sendError({ type: "invalid_request_error", code: "response_cancel_not_active", message: words });
    }
    if (clientTypes.has(message.type)) return undefined;
    const words = `Invalid value: '${message.type}'.`;
    return sendError({ type: "invalid_request_error", code: "invalid_value", message: words, param: "type" });
  }

  socket.on("message", (data: Buffer) => {
    const message = { ...(JSON.parse(data.toString("utf8")) as { type: string }), at: Date.now() };
    messages.push(message);
    take(message);
    for (const wake of waiting) wake();
  });
  const closed = new Promise<{ code: number }>((resolve) => {
    socket.on("close", (code) => {
      resolve({ code });
      for (const wake of waiting) wake();
    });
  });

  const isConfigured = () => lastUpdate?.audio?.input?.transcription !== null && lastUpdate !== null;

  return {
    agentId,
    model,
    /** Every message of the client, in order of arrival. */
    messages,
    closed,
    isOpen: () => socket.readyState === socket.OPEN,
    /** The settings in force, all updates merged. */
    session: () => session,
    /** The last `session.update` that was taken; the SDK sends one of its own before the caller's. */
    lastUpdate: () => lastUpdate,
    refusedUpdates: () => refusedUpdates,
    /** Resolves when the caller's own settings are in force: those that ask for a transcription. */
    async configured(): Promise<void> {
      while (!isConfigured()) {
        if (socket.readyState !== socket.OPEN) throw new Error("The agent left before its session was configured");
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
        });
      }
      waiting.clear();
    },
    send,
    sendError,
    /** Any text, such as what no JSON parser takes. */
    sendRaw: (text: string) => socket.send(text),
    /** The connection is gone without a goodbye. */
    cut: () => socket.terminate(),
    /** The connection stays and says nothing any more, not even that it is alive. */
    freeze: () => socket.pause(),
    hangUp: (code = 1000) => socket.close(code),
  };
}

export type RealtimeLink = ReturnType<typeof openRealtimeLink>;
