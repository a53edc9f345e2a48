/** A stretch in which a named voice was heard; seconds from the recording's start. */
export interface NamedVoice {
  name: string;
  start: number;
  end: number;
}

/** A stretch of the transcript, under the label of diarization. */
interface Spoken {
  speaker: string;
  start: number;
  end: number;
}

/**
 * Who is behind each label, by what the meeting's platform says of whose microphone was open: the name that was heard
 * through at least half of what a label said. A label for which no name is that clear gets none.
 */
export function namesOfSpeakers(segments: readonly Spoken[], voices: readonly NamedVoice[]): Map<string, string> {
  const inOrder = voices.toSorted((a, b) => a.start - b.start);
  const spoken = new Map<string, number>();
  const shared = new Map<string, Map<string, number>>();
  for (const { speaker, start, end } of segments) {
    spoken.set(speaker, (spoken.get(speaker) ?? 0) + (end - start));
    const names = shared.get(speaker) ?? new Map<string, number>();
    shared.set(speaker, names);
    for (const voice of inOrder) {
      if (voice.start >= end) break;
      const together = Math.min(end, voice.end) - Math.max(start, voice.start);
      if (together > 0 && voice.name !== "") names.set(voice.name, (names.get(voice.name) ?? 0) + together);
    }
  }
  const found = [...shared].flatMap(([speaker, names]) => {
    const [best] = [...names].toSorted(([a, x], [b, y]) => y - x || a.localeCompare(b));
    return best !== undefined && best[1] >= (spoken.get(speaker) ?? 0) / 2 ? [[speaker, best[0]] as const] : [];
  });
  return new Map(found);
}
