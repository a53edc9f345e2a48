import { randomBytes } from "node:crypto";

/** `ga`: OpenAI's names since the general release; `beta`: before it; `reference`: as the reference design spells them. */
export type Spelling = "ga" | "beta" | "reference";

export interface Utterance {
  speaker: "user" | "agent";
  text: string;
  itemId?: string;
  /** In how many pieces the words come before the whole (default 1). */
  deltas?: number;
}

/** One message of the server, without its `event_id`. */
export interface ServerEvent {
  type: string;
  [field: string]: unknown;
}

/** What is heard of an utterance, in three stretches that a test may keep apart. */
export interface SpeechEvents {
  itemId: string;
  begins: ServerEvent[];
  interim: ServerEvent[];
  ends: ServerEvent[];
}

export const newId = (kind: string) => `${kind}_${randomBytes(10).toString("hex")}`;

/** The events of a person's turn: voice found, item made, then its words, which take their time. */
export function userSpeech(
  said: Utterance,
  spelling: Spelling,
  previous: string | null,
  startMs: number,
): SpeechEvents {
  const itemId = said.itemId ?? newId("item");
  const item = { id: itemId, type: "message", status: "completed", role: "user" };
  const content = [{ type: "input_audio", transcript: null }];
  const words = {
    ga: "conversation.item.input_audio_transcription",
    beta: "conversation.item.input_audio_transcription",
    reference: "conversation.item.audio_transcription",
  }[spelling];
  const place = { item_id: itemId, content_index: 0 };
  return {
    itemId,
    begins: [
      { type: "input_audio_buffer.speech_started", audio_start_ms: startMs, item_id: itemId },
      { type: "input_audio_buffer.speech_stopped", audio_end_ms: startMs + 40 * said.text.length, item_id: itemId },
      { type: "input_audio_buffer.committed", previous_item_id: previous, item_id: itemId },
      ...itemMade(spelling, { ...item, content }, previous),
    ],
    interim: pieces(said).map((delta) => ({ type: `${words}.delta`, ...place, delta })),
    ends: [
      { type: `${words}.completed`, ...place, transcript: said.text, usage: { type: "duration", seconds: 2 } },
      ...(spelling === "ga" ? [{ type: "conversation.item.done", previous_item_id: previous, item }] : []),
    ],
  };
}

/** The events of the agent's turn; the sound itself travels by Stream's edge, not on this connection. */
export function agentSpeech(said: Utterance, spelling: Spelling, previous: string | null): SpeechEvents {
  const itemId = said.itemId ?? newId("item");
  const responseId = newId("resp");
  const item = { id: itemId, type: "message", role: "assistant" };
  const sound = spelling === "ga" ? "response.output_audio" : "response.audio";
  const place = { response_id: responseId, item_id: itemId, output_index: 0, content_index: 0 };
  const part = { type: "audio", transcript: said.text };
  const done = { ...item, status: "completed", content: [part] };
  const response = { object: "realtime.response", id: responseId };
  return {
    itemId,
    begins: [
      { type: "response.created", response: { ...response, status: "in_progress", output: [] } },
      {
        type: "response.output_item.added",
        response_id: responseId,
        output_index: 0,
        item: { ...item, status: "in_progress", content: [] },
      },
      ...itemMade(spelling, { ...item, status: "in_progress", content: [] }, previous),
      { type: "response.content_part.added", ...place, part: { type: "audio", transcript: "" } },
    ],
    interim: pieces(said).map((delta) => ({ type: `${sound}_transcript.delta`, ...place, delta })),
    ends: [
      { type: `${sound}.done`, ...place },
      { type: `${sound}_transcript.done`, ...place, transcript: said.text },
      { type: "response.content_part.done", ...place, part },
      ...(spelling === "ga" ? [{ type: "conversation.item.done", previous_item_id: previous, item: done }] : []),
      { type: "response.output_item.done", response_id: responseId, output_index: 0, item: done },
      { type: "response.done", response: { ...response, status: "completed", output: [done] } },
      { type: "rate_limits.updated", rate_limits: [{ name: "tokens", limit: 40_000, remaining: 39_000 }] },
    ],
  };
}

const itemMade = (spelling: Spelling, item: object, previous: string | null): ServerEvent[] => [
  {
    type: spelling === "ga" ? "conversation.item.added" : "conversation.item.created",
    previous_item_id: previous,
    item: { object: "realtime.item", ...item },
  },
];

/** The text in about `deltas` pieces, cut where words begin. */
function pieces({ text, deltas = 1 }: Utterance): string[] {
  const words = text.split(/(?=\s)/);
  const each = Math.max(1, Math.ceil(words.length / deltas));
  const starts = Array.from({ length: Math.ceil(words.length / each) }, (_, index) => index * each);
  return starts.map((start) => words.slice(start, start + each).join("")).filter((piece) => piece !== "");
}
