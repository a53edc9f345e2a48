import { speakerLabel } from "./transcript.ts";
import type { Turn, Utterance } from "./transcript.ts";

/** An utterance with its speaker, as it is stored: label (`SPEAKER_01`), words, and seconds from the start. */
export interface AlignedSegment {
  speaker: string;
  text: string;
  start: number;
  end: number;
}

/**
 * Gives each utterance its speaker: the one its provider names, else whoever talks most during it, else (words that
 * diarization took for silence) whoever talks nearest to it. Without turns everything is the first speaker's. Empty
 * text is dropped, and times are kept within the piece that was recognised.
 */
export function alignUtterances(
  utterances: Utterance[],
  turns: Turn[],
  piece?: { start: number; end: number },
): AlignedSegment[] {
  return utterances
    .filter(({ text }) => text.trim() !== "")
    .map((utterance) => {
      const { start, end } = within(utterance, piece);
      const speaker = utterance.speaker ?? speakerDuring(turns, start, end);
      return { speaker: speakerLabel(speaker), text: utterance.text.trim(), start, end };
    })
    .sort((a, b) => a.start - b.start);
}

function within({ start, end }: { start: number; end: number }, piece?: { start: number; end: number }) {
  if (!piece) return { start, end: Math.max(start, end) };
  const from = Math.min(Math.max(start, piece.start), piece.end);
  return { start: from, end: Math.min(Math.max(end, from), piece.end) };
}

function speakerDuring(turns: Turn[], start: number, end: number): number {
  const shares = new Map<number, number>();
  for (const turn of turns) {
    const shared = Math.min(turn.end, end) - Math.max(turn.start, start);
    if (shared > 0) shares.set(turn.speaker, (shares.get(turn.speaker) ?? 0) + shared);
  }
  const [most] = [...shares].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? nearestSpeaker(turns, (start + end) / 2);
}

function nearestSpeaker(turns: Turn[], at: number): number {
  let speaker = 1;
  let least = Infinity;
  for (const turn of turns) {
    const distance = Math.max(turn.start - at, at - turn.end);
    if (distance >= least) continue;
    least = distance;
    speaker = turn.speaker;
  }
  return speaker;
}
