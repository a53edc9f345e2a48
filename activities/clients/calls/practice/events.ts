import { v7 } from "uuid";
import type { RealtimeEvent } from "../call-provider.ts";

type Event = RealtimeEvent["event"];

/** A name for an item or a response of the session, never given twice. */
export const newItemId = () => v7();

export interface Speaker {
  id: string;
  name: string;
}

/** Whose words they are; OpenAI's sessions know one person only, so readers of its events do without. */
const whose = ({ id, name }: Speaker) => ({ participant_id: id, participant_name: name });

export const speechStarted = (itemId: string, speaker: Speaker): Event => ({
  type: "input_audio_buffer.speech_started",
  item_id: itemId,
  ...whose(speaker),
});

/** `delta`: words that will not change any more; `soFar`: all that seems to have been said. */
export const transcriptionDelta = (
  itemId: string,
  speaker: Speaker,
  { delta, soFar }: { delta: string; soFar: string },
): Event => ({
  type: "conversation.item.input_audio_transcription.delta",
  item_id: itemId,
  content_index: 0,
  delta,
  so_far: soFar,
  ...whose(speaker),
});

export const transcriptionCompleted = (itemId: string, speaker: Speaker, transcript: string): Event => ({
  type: "conversation.item.input_audio_transcription.completed",
  item_id: itemId,
  content_index: 0,
  transcript,
  ...whose(speaker),
});

export const typed = (itemId: string, speaker: Speaker, text: string): Event => ({
  type: "conversation.item.added",
  item: { id: itemId, type: "message", role: "user", content: [{ type: "input_text", text }] },
  ...whose(speaker),
});

export const replyCreated = (responseId: string): Event => ({
  type: "response.created",
  response: { id: responseId, status: "in_progress" },
});

export const replyAdded = (itemId: string): Event => ({
  type: "conversation.item.added",
  item: { id: itemId, type: "message", role: "assistant", content: [] },
});

export const replyDelta = (responseId: string, itemId: string, delta: string): Event => ({
  type: "response.output_audio_transcript.delta",
  response_id: responseId,
  item_id: itemId,
  delta,
});

/** The reply is made as a whole; it may still be being spoken. */
export const replyAudioDone = (responseId: string, itemId: string): Event => ({
  type: "response.output_audio.done",
  response_id: responseId,
  item_id: itemId,
});

/** What was said of the reply. Comes when it has been spoken, since only then is it known. */
export const replyTranscriptDone = (
  responseId: string,
  itemId: string,
  { transcript, interrupted }: { transcript: string; interrupted: boolean },
): Event => ({
  type: "response.output_audio_transcript.done",
  response_id: responseId,
  item_id: itemId,
  transcript,
  interrupted,
});

export const replyDone = (responseId: string, status: "completed" | "cancelled"): Event => ({
  type: "response.done",
  response: { id: responseId, status },
});
