import { cleanLine, cut, textLimits, withoutControls } from "./text.ts";

/**
 * What an agent's realtime session says, in our words. OpenAI's names changed with its general release and the
 * reference design uses one that never was; all spellings mean the same here. Input is a provider's, so nothing of it
 * is taken for granted.
 */
export type RealtimeNews =
  /** A whole utterance. The practice room tells whose it is; OpenAI's sessions know one person only. */
  | { kind: "said"; speaker: RealtimeSpeaker; itemId: string | null; text: string; person?: Person }
  /** More words of an utterance that goes on. */
  | { kind: "interim"; speaker: RealtimeSpeaker; itemId: string | null; delta: string }
  /** An utterance began, its words come later: this is what fixes its place in the conversation. */
  | { kind: "begun"; speaker: RealtimeSpeaker; itemId: string }
  | { kind: "problem"; itemId: string | null; code: string; message: string };

type RealtimeSpeaker = "user" | "agent";

/** Somebody in a call, by the id that its provider knows them by. */
export interface Person {
  id: string;
  name: string | null;
}

const longestText = 20_000;
const longestName = 200;

const doneBy: Record<string, RealtimeSpeaker> = {
  "response.output_audio_transcript.done": "agent",
  "response.audio_transcript.done": "agent",
  "conversation.item.input_audio_transcription.completed": "user",
  "conversation.item.audio_transcription.completed": "user",
};

const deltaBy: Record<string, RealtimeSpeaker> = {
  "response.output_audio_transcript.delta": "agent",
  "response.audio_transcript.delta": "agent",
  "conversation.item.input_audio_transcription.delta": "user",
  "conversation.item.audio_transcription.delta": "user",
};

const itemEvents = ["conversation.item.added", "conversation.item.created", "response.output_item.added"];

const problemEvents = [
  "error",
  "conversation.item.input_audio_transcription.failed",
  "conversation.item.audio_transcription.failed",
];

/** What matters of one event of the session; null for all else, and for an event that lacks what its type promises. */
export function readRealtime(event: unknown): RealtimeNews | null {
  const fields = fieldsOf(event);
  const { type } = fields;
  if (typeof type !== "string") return null;
  const itemId = nameOf(fields.item_id);

  if (Object.hasOwn(doneBy, type)) {
    const text = textOf(fields.transcript).trim();
    return text === "" ? null : { kind: "said", speaker: doneBy[type]!, itemId, text, ...whose(fields) };
  }
  if (Object.hasOwn(deltaBy, type)) {
    const delta = textOf(fields.delta);
    return delta === "" ? null : { kind: "interim", speaker: deltaBy[type]!, itemId, delta };
  }
  if (type === "input_audio_buffer.speech_started") return begun("user", itemId);
  if (itemEvents.includes(type)) {
    const item = fieldsOf(fields.item);
    return begun(speakerOf(item.role), nameOf(item.id));
  }
  if (problemEvents.includes(type)) return problem(fieldsOf(fields.error), itemId);
  return null;
}

const begun = (speaker: RealtimeSpeaker | null, itemId: string | null): RealtimeNews | null =>
  speaker === null || itemId === null ? null : { kind: "begun", speaker, itemId };

const problem = (error: Record<string, unknown>, itemId: string | null): RealtimeNews => ({
  kind: "problem",
  itemId,
  code: nameOf(error.code) ?? nameOf(error.type) ?? "unknown",
  message: cut(textOf(error.message), 1000),
});

function whose({ participant_id, participant_name }: Record<string, unknown>): { person?: Person } {
  const id = nameOf(participant_id);
  const name = cut(cleanLine(textOf(participant_name)), textLimits.speaker);
  return id === null ? {} : { person: { id, name: name === "" ? null : name } };
}

function speakerOf(role: unknown): RealtimeSpeaker | null {
  if (role === "assistant") return "agent";
  return role === "user" ? "user" : null;
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const nameOf = (value: unknown): string | null => {
  const name = cut(textOf(value), longestName);
  return name === "" ? null : name;
};

// Not trimmed: the words of a delta begin with their space.
const textOf = (value: unknown): string => (typeof value === "string" ? withoutControls(cut(value, longestText)) : "");

/**
 * Where each utterance has its place: when it was begun, not when its words arrived, since a person's words are often
 * known only after the agent has answered them. Feed it every begun, interim and said in order of arrival.
 */
export interface SpeechOrder {
  /** Start of the utterance in ms; no two utterances share one, and one that began later starts later. */
  startOf(itemId: string | null, atMs: number): number;
}

/** A link lives for an hour, which is a few thousand utterances; beyond this the oldest are forgotten. */
const mostItems = 20_000;

export function createSpeechOrder(): SpeechOrder {
  const starts = new Map<string, number>();
  let last = -Infinity;

  return {
    startOf(itemId, atMs) {
      const known = itemId === null ? undefined : starts.get(itemId);
      if (known !== undefined) return known;
      // Two may begin in one millisecond, and clocks step back; the order of beginning holds all the same.
      last = Math.max(Number.isFinite(atMs) ? atMs : 0, last + 1);
      if (itemId === null) return last;
      starts.set(itemId, last);
      const [oldest] = starts.keys();
      if (starts.size > mostItems && oldest !== undefined) starts.delete(oldest);
      return last;
    },
  };
}
