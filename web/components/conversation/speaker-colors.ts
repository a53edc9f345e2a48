import { speakerWords } from "#domain/transcript.ts";

/** In a call people and the agent are told apart by who they are, not by voice. */
const inCalls: Record<string, string> = { user: "User", agent: "Agent" };

/** What a speaker is called: the name a person gave, else "Speaker 1", or who it is in a call. */
export function nameOf(speakers: readonly { label: string; displayName: string | null }[], label: string): string {
  const given = speakers.find((speaker) => speaker.label === label)?.displayName;
  return given ?? inCalls[label] ?? speakerWords(label);
}

const inks = ["text-voice-1", "text-voice-2", "text-voice-3", "text-voice-4", "text-voice-5", "text-voice-6"];
const edges = [
  "border-voice-1",
  "border-voice-2",
  "border-voice-3",
  "border-voice-4",
  "border-voice-5",
  "border-voice-6",
];

const numberOf = (label: string) => (label === "agent" ? 1 : Number(/\d+$/.exec(label)?.[0] ?? 1) - 1);

/** A speaker's colour, beside the name and never instead of it. Six voices, then they begin again. */
export const voiceInk = (label: string) => inks[numberOf(label) % inks.length] ?? "text-ink";
export const voiceEdge = (label: string) => edges[numberOf(label) % edges.length] ?? "border-line";
