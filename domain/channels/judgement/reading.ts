import { segmentOfQuote } from "../../evidence.ts";
import type { Segment } from "../../transcript.ts";

/** Where somebody who understands what is said takes the main content to begin and to end, with the words that stand there. */
export interface ContentClaim {
  first: { segmentId: string; quote: string };
  last: { segmentId: string; quote: string };
}

/** The same, as far as the transcript bears it out. */
export interface ContentReading {
  firstSegmentId: string;
  lastSegmentId: string;
}

/** Null: the words were never said, or what begins comes after what ends. */
export function verifiedReading({ first, last }: ContentClaim, segments: readonly Segment[]): ContentReading | null {
  const [firstSegmentId, lastSegmentId] = [segmentOfQuote(first, segments), segmentOfQuote(last, segments)];
  if (firstSegmentId === null || lastSegmentId === null) return null;
  const startOf = (id: string) => segments.find((segment) => segment.id === id)?.start ?? 0;
  return startOf(firstSegmentId) <= startOf(lastSegmentId) ? { firstSegmentId, lastSegmentId } : null;
}

/** How a border by structure and one by sense stand to each other. */
export type Agreement = "agrees" | "differs";

/** What the two may lie apart and still be one: a sentence or two. */
const nearSeconds = 10;

interface Found {
  index: number | null;
  score: number;
}

interface Sides {
  /** Where the reader puts the border, as an index like that of `found`; null: nobody has read it. */
  readAt: number | null;
  /** The index that stands for "nothing is left out". */
  outermost: number;
  /** Of segments. */
  count: number;
  secondsAt(index: number): number;
  /** By structure alone. */
  scoreAt(index: number): number;
}

/**
 * A border by all that is known of it. The reader is one more sign: where a single sign of structure stands at the border
 * it names, that is cut; where none does, nothing is, and nobody is sure.
 */
export function weighBorder(
  found: Found,
  { readAt, outermost, count, secondsAt, scoreAt }: Sides,
): Found & { reader: Agreement | null } {
  if (readAt === null) return { ...found, reader: null };
  const distance = (index: number) => Math.abs(secondsAt(index) - secondsAt(readAt));
  if (distance(found.index ?? outermost) <= nearSeconds) return { ...found, reader: "agrees" };
  if (found.index !== null) return { ...found, reader: "differs" };
  let best: { index: number; score: number } | null = null;
  for (const step of [-1, 1]) {
    for (let index = readAt; index > 0 && index < count && distance(index) <= nearSeconds; index += step) {
      const score = scoreAt(index);
      if (score >= 1 && score > (best?.score ?? 0)) best = { index, score };
    }
  }
  return best === null ? { ...found, reader: "differs" } : { ...best, reader: "agrees" };
}
