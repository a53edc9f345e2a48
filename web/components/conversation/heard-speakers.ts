import { labelOf } from "#domain/transcript.ts";
import type { Segment } from "#domain/transcript.ts";

/** The speakers who have words, or a name that somebody gave them: of others all words went to somebody else. */
export function heardSpeakers<Speaker extends { label: string; displayName: string | null }>(
  speakers: readonly Speaker[],
  segments: readonly Segment[],
): Speaker[] {
  const heard = new Set(segments.map(labelOf));
  return speakers.filter(({ label, displayName }) => heard.has(label) || displayName !== null);
}
