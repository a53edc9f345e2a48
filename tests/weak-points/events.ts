import { randomUUID } from "node:crypto";

/** A webhook of Stream Video, as far as meetings have to do with it. */
export interface CallEvent {
  type: "call.session_started" | "call.session_ended";
  call_cid: string;
  session_id: string;
  created_at: string;
  call: {
    type: "default";
    id: string;
    cid: string;
    custom: { meetingId: string };
    session: { id: string; started_at: string; ended_at?: string };
  };
}

/** A message of OpenAI's realtime session, without the envelope. */
export interface RealtimeEvent {
  type: string;
  [field: string]: unknown;
}

/** The events of one call's session; each call of `started` and `ended` makes an event of its own. */
export function newCall(meetingId: string) {
  const cid = `default:${meetingId}`;
  const session = { id: randomUUID(), started_at: new Date().toISOString() };
  const event = (type: CallEvent["type"], at: Date, times: object): CallEvent => ({
    type,
    call_cid: cid,
    session_id: session.id,
    created_at: at.toISOString(),
    call: { type: "default", id: meetingId, cid, custom: { meetingId }, session: Object.assign(session, times) },
  });
  return {
    started: (at = new Date()) => structuredClone(event("call.session_started", at, { started_at: at.toISOString() })),
    ended: (at = new Date()) => structuredClone(event("call.session_ended", at, { ended_at: at.toISOString() })),
  };
}

export const newItem = () => `item_${randomUUID().replaceAll("-", "").slice(0, 20)}`;

/** The names that the reference design listens for. */
const names = {
  agent: "response.audio_transcript.done",
  user: "conversation.item.audio_transcription.completed",
} as const;

/** The finished words of one turn, under the reference design's own event names. */
export function spoken(speaker: "user" | "agent", text: string, item = newItem()): RealtimeEvent {
  return { type: names[speaker], event_id: `event_${item}`, item_id: item, content_index: 0, transcript: text };
}

/** Somebody begins to speak; a session tells it at once, and their words when they are transcribed. */
export const begun = (item: string): RealtimeEvent => ({
  type: "input_audio_buffer.speech_started",
  event_id: `event_${item}_begun`,
  item_id: item,
  audio_start_ms: 1200,
});

/** The same under the names that OpenAI publishes today. */
export function spokenToday(speaker: "user" | "agent", text: string): RealtimeEvent {
  const type =
    speaker === "user"
      ? "conversation.item.input_audio_transcription.completed"
      : "response.output_audio_transcript.done";
  return { ...spoken(speaker, text), type };
}

/**
 * A question and its answer as a session tells them when the person's words take longer to transcribe than the agent
 * to answer: the items in order of speaking, their words the other way round.
 */
export function answerHeardFirst(question: string, answer: string): RealtimeEvent[] {
  const [asked, answered, response] = [newItem(), newItem(), newItem().replace("item", "resp")];
  const item = (id: string, role: string) => ({ id, object: "realtime.item", type: "message", role, content: [] });
  return [
    { type: "input_audio_buffer.speech_started", item_id: asked, audio_start_ms: 1200 },
    { type: "input_audio_buffer.speech_stopped", item_id: asked, audio_end_ms: 2900 },
    { type: "input_audio_buffer.committed", item_id: asked, previous_item_id: null },
    { type: "conversation.item.added", previous_item_id: null, item: item(asked, "user") },
    { type: "response.created", response: { id: response, status: "in_progress" } },
    { type: "response.output_item.added", response_id: response, output_index: 0, item: item(answered, "assistant") },
    { type: "conversation.item.added", previous_item_id: asked, item: item(answered, "assistant") },
    { ...spoken("agent", answer, answered), response_id: response },
    spoken("user", question, asked),
  ].map((event, index) => ({ event_id: `event_${asked}_${index}`, ...event }));
}
