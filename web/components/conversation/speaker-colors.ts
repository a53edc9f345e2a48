const inks = ["text-voice-1", "text-voice-2", "text-voice-3", "text-voice-4", "text-voice-5", "text-voice-6"];
const edges = [
  "border-voice-1",
  "border-voice-2",
  "border-voice-3",
  "border-voice-4",
  "border-voice-5",
  "border-voice-6",
];

// In a call the agent has the last one, and whoever is not known the one before, so that people have theirs in the order
// in which they speak.
const kept: Readonly<Record<string, number>> = { agent: inks.length - 1, user: inks.length - 2 };
const numberOf = (label: string) => kept[label] ?? Number(/\d+$/.exec(label)?.[0] ?? 1) - 1;

/** A speaker's colour, beside the name and never instead of it. Six voices, then they begin again. */
export const voiceInk = (label: string) => inks[numberOf(label) % inks.length] ?? "text-ink";
export const voiceEdge = (label: string) => edges[numberOf(label) % edges.length] ?? "border-line";
