import type { Piece, Turn } from "./transcript.ts";

/** Where somebody speaks. `quiet` are moments inside it where the voice is lowest, in order. */
export interface Stretch {
  start: number;
  end: number;
  quiet: number[];
}

interface Part {
  start: number;
  end: number;
}

// What recognition needs around the words, and what a part must have to be worth a piece of its own.
const margin = 0.15;
const shortest = 0.6;
// A change of speaker is known to a few tenths of a second; a pause this near is where it really is.
const snap = 0.5;
// Pauses up to this share of the longest piece stay inside a piece.
const joinShare = 0.05;

/**
 * Plans what is recognised at a time. Pieces are in order, do not overlap, cover all speech, and are never longer than
 * `maxSeconds`. They end at silences and at changes of speaker, cut where the voice is lowest: a cut word makes the
 * model invent one.
 */
export function planPieces(stretches: Stretch[], turns: Turn[], { maxSeconds }: { maxSeconds: number }): Piece[] {
  const changes = speakerChanges(turns);
  const parts = stretches.flatMap((stretch) => cutLong(cutAtChanges(stretch, changes), stretch.quiet, maxSeconds));
  const joined = joinNeighbours(parts, changes, maxSeconds);
  return widen(joined, maxSeconds).map((part, index) => ({ index, ...part }));
}

/** Moments where another speaker takes over. Words thrown in while somebody talks on are no change. */
function speakerChanges(turns: Turn[]): number[] {
  const changes: number[] = [];
  let current: Turn | null = null;
  for (const turn of turns.toSorted((a, b) => a.start - b.start)) {
    if (current && turn.end <= current.end) continue;
    if (current && turn.speaker !== current.speaker) changes.push((current.end + turn.start) / 2);
    current = turn;
  }
  return changes;
}

function cutAtChanges(stretch: Stretch, changes: number[]): Part[] {
  const cuts = changes
    .filter((at) => at > stretch.start && at < stretch.end)
    .map((at) => nearest(stretch.quiet, at, snap) ?? at);
  return split(stretch, cuts, shortest);
}

/** Cuts at the given moments, in order, leaving out cuts that would make a part shorter than `least`. */
function split({ start, end }: Part, cuts: number[], least: number): Part[] {
  const parts: Part[] = [];
  let from = start;
  for (const cut of cuts) {
    if (cut - from < least || end - cut < least) continue;
    parts.push({ start: from, end: cut });
    from = cut;
  }
  return [...parts, { start: from, end }];
}

function cutLong(parts: Part[], quiet: number[], maxSeconds: number): Part[] {
  return parts.flatMap((part) => {
    const cuts: number[] = [];
    let from = part.start;
    while (part.end - from > maxSeconds) {
      // The latest quiet moment of the second half, so that pieces stay long; without one, two equal halves or less.
      const limit = from + maxSeconds;
      const cut =
        quiet.findLast((at) => at > from + maxSeconds / 2 && at <= limit && at <= part.end - shortest) ??
        Math.min(limit, (from + part.end) / 2);
      cuts.push(cut);
      from = cut;
    }
    return split(part, cuts, 0);
  });
}

function joinNeighbours(parts: Part[], changes: number[], maxSeconds: number): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const fits = last && part.start - last.end <= maxSeconds * joinShare && part.end - last.start <= maxSeconds;
    if (fits && !changes.some((at) => at > last.start + shortest && at < part.end - shortest)) last.end = part.end;
    else joined.push({ ...part });
  }
  return joined;
}

/** Gives each piece a little of the silence around it, as far as there is some and the limit allows. */
function widen(parts: Part[], maxSeconds: number): Part[] {
  return parts.map(({ start, end }, index) => {
    const before = parts[index - 1]?.end ?? 0;
    const after = parts[index + 1]?.start ?? Infinity;
    const spare = Math.max(0, maxSeconds - (end - start)) / 2;
    const room = Math.min(margin, spare);
    return {
      start: Math.max(start - room, (before + start) / 2, 0),
      end: Math.min(end + room, (end + after) / 2),
    };
  });
}

function nearest(moments: number[], at: number, within: number): number | null {
  let best: number | null = null;
  for (const moment of moments) {
    if (Math.abs(moment - at) > within) continue;
    if (best === null || Math.abs(moment - at) < Math.abs(best - at)) best = moment;
  }
  return best;
}
