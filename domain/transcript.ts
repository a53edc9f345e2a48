/** Times are seconds from the start of the recording throughout. */

/** A stretch of one speaker's speech, as diarization found it. Speakers are numbered from 1. */
export interface Turn {
  speaker: number;
  start: number;
  end: number;
}

/** A stretch of audio cut at silences, the unit of recognition and of restart. `index` counts from 0. */
export interface Piece {
  index: number;
  start: number;
  end: number;
}

/** What recognition gives back for (a part of) a piece, before it has a speaker. A provider may name one. */
export interface Utterance {
  text: string;
  start: number;
  end: number;
  speaker?: number;
  confidence?: number;
}

/** A stored segment as pages and APIs show it. */
export interface Segment {
  id: string;
  sequenceNumber: number;
  /** In a call "user" or "agent"; in a recording the label. */
  speaker: string;
  /** Whose words they are where `speaker` does not say it: of several people in a call, or as a person put it right. */
  label?: string;
  text: string;
  /** What the source said, where a person put the words right. */
  originalText?: string;
  start: number;
  end: number;
}

/** The speaker of the conversation whose words they are. */
export const labelOf = ({ speaker, label = speaker }: Pick<Segment, "speaker" | "label">): string => label;

/** Stands where somebody spoke and no word was understood: to be listened to, and not to be taken for what was said. */
export const unclear = "(unclear)";

/** `SPEAKER_01`, `SPEAKER_02`, … (C-32). */
export const speakerLabel = (speaker: number) => `SPEAKER_${String(speaker).padStart(2, "0")}`;

/** In a call, whose words are the agent's. */
export const agentSpeaker = "agent";

/** In a call: the agent, and somebody of whom nobody knows which of the people there it is. */
const inCalls: Record<string, string> = { user: "Participant", [agentSpeaker]: "Agent" };

/** What people read where nobody has given the speaker a name yet: `SPEAKER_01` → `Speaker 1`. */
export const defaultSpeakerName = (label: string) =>
  (Object.hasOwn(inCalls, label) ? inCalls[label] : undefined) ?? label.replace(/^SPEAKER_0*(\d+)$/, "Speaker $1");

export interface NamedSpeaker {
  label: string;
  /** Null: nobody has given a name. */
  displayName: string | null;
}

/** What two speakers are called once all that `label` said is `into`'s, who takes its name where they have none. */
export function mergedNames(speakers: readonly NamedSpeaker[], { label, into }: { label: string; into: string }) {
  const givenTo = (of: string) => speakers.find((speaker) => speaker.label === of)?.displayName ?? null;
  return [
    { label, displayName: null },
    { label: into, displayName: givenTo(into) ?? givenTo(label) },
  ];
}

/**
 * What two speakers are called once a merge of `label` into `into` is undone: as before it, but for names that were given
 * since, which stay.
 */
export function splitNames(
  speakers: readonly NamedSpeaker[],
  {
    label,
    labelName,
    into,
    intoName,
  }: { label: string; labelName: string | null; into: string; intoName: string | null },
) {
  const givenTo = (of: string) => speakers.find((speaker) => speaker.label === of)?.displayName ?? null;
  const isTaken = intoName === null && givenTo(into) === labelName;
  return [
    { label, displayName: givenTo(label) ?? labelName },
    { label: into, displayName: isTaken ? null : givenTo(into) },
  ];
}

/** What a speaker is called: their name where one is known, else "Speaker 1", or what they are in a call. */
export function nameOf(speakers: readonly NamedSpeaker[], label: string): string {
  const given = speakers.find((speaker) => speaker.label === label)?.displayName;
  return given ?? defaultSpeakerName(label);
}

/** `SPEAKER_02` → 2; 0 for a label of another form. */
export const speakerNumber = (label: string) => Number(/^SPEAKER_(\d+)$/.exec(label)?.[1] ?? 0);
