import type { Turn } from "#domain/transcript.ts";
import { cluster, dot, normalise, sumUp } from "./speaker-clustering.ts";
import type { Item } from "./speaker-clustering.ts";

/** A window of speech with its voice, normalised. `start` and `end` in seconds, in order of start. */
export interface VoiceWindow {
  start: number;
  end: number;
  embedding: Float32Array;
}

// Measured on phone calls, read speech and mixes of two to six voices: below it voices differ.
const stopBelow = 0.43;
// A shorter window says too little of a voice to found a speaker on.
const foundsSpeaker = 0.6;
// About an hour of speech. Time and memory of clustering grow with the square of the number of windows, so what is
// longer is clustered in blocks of twenty minutes first.
const mostAtOnce = 3600;
const blockWindows = 1200;
const joinGap = 0.5;
// A laugh, a word in another tone or a cough sounds like nobody else in the room, by likeness just as little as a
// further person does. Of 78 clips of one or two voices with such a sound in them 17 gained a speaker; none had 3 s.
const ghostSeconds = 3;
const ghostShare = 0.15;
const ghostTurns = 2;

/** Tells voices apart and gives their turns, speakers numbered by first appearance. Pure; any length of recording. */
export function findTurns(windows: VoiceWindow[], speakers?: number): Turn[] {
  const spans = ownSpans(windows);
  const founding = windows.flatMap((window, index) => {
    if (window.end - window.start < foundsSpeaker) return [];
    const span = spans[index] as { start: number; end: number };
    return [{ sum: window.embedding, count: 1, seconds: span.end - span.start }];
  });
  const total = spans.reduce((sum, span) => sum + span.end - span.start, 0);
  const voices = findVoices(founding, leastSeconds(total), speakers);
  const turnsOf = (among: Float32Array[]) =>
    joinTurns(
      windows.map((window, index) => {
        const span = spans[index] as { start: number; end: number };
        return { speaker: among.length === 0 ? 0 : nearest(among, window.embedding), ...span };
      }),
    );
  const turns = turnsOf(voices);
  if (speakers !== undefined) return numberByAppearance(turns);
  const people = voices.filter((_, speaker) => !isGhost(turns, speaker, total));
  return numberByAppearance(people.length === voices.length ? turns : turnsOf(people));
}

/** Whether so little was heard of a voice, in so few turns, that it is rather a sound one of the others made. */
function isGhost(turns: Turn[], speaker: number, total: number) {
  const own = turns.filter((turn) => turn.speaker === speaker);
  const seconds = own.reduce((sum, turn) => sum + turn.end - turn.start, 0);
  return own.length <= ghostTurns && seconds < Math.min(ghostSeconds, total * ghostShare);
}

// Somebody who says a sentence in an eight-hour recording is still a speaker, so the share has a limit.
const leastSeconds = (total: number) => Math.max(1.5, Math.min(30, total * 0.01));

function findVoices(items: Item[], least: number, speakers?: number): Float32Array[] {
  const merged = items.length <= mostAtOnce ? items : mergeBlocks(items);
  return cluster(merged, { stopBelow, leastSeconds: least, speakers }).map((group) =>
    normalise(sumUp(merged, group).sum),
  );
}

/** Long recordings: each block's voices first, which then stand for their windows in the clustering of the whole. */
function mergeBlocks(items: Item[]): Item[] {
  const merged: Item[] = [];
  for (let from = 0; from < items.length; from += blockWindows) {
    const block = items.slice(from, from + blockWindows);
    for (const group of cluster(block, { stopBelow, leastSeconds: 0 })) merged.push(sumUp(block, group));
  }
  return merged;
}

function nearest(voices: Float32Array[], embedding: Float32Array) {
  const likeness = voices.map((voice) => dot(voice, embedding));
  return likeness.indexOf(Math.max(...likeness));
}

/** What of its time belongs to each window: overlapping ones are cut half way between their centres. */
function ownSpans(windows: VoiceWindow[]) {
  const spans = windows.map(({ start, end }) => ({ start, end }));
  for (let index = 1; index < windows.length; index += 1) {
    const before = windows[index - 1] as VoiceWindow;
    const window = windows[index] as VoiceWindow;
    if (before.end <= window.start) continue;
    const middle = (before.start + before.end + window.start + window.end) / 4;
    (spans[index - 1] as { end: number }).end = middle;
    (spans[index] as { start: number }).start = middle;
  }
  return spans;
}

/** Consecutive spans of one speaker with next to no pause between them are one turn. */
export function joinTurns(turns: Turn[]): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last && last.speaker === turn.speaker && turn.start - last.end <= joinGap)
      last.end = Math.max(last.end, turn.end);
    else joined.push({ ...turn });
  }
  return joined;
}

/** Gives speakers the numbers 1, 2, … in the order in which they first speak. */
export function numberByAppearance(turns: Turn[]): Turn[] {
  const numbers = new Map<number, number>();
  return turns
    .toSorted((a, b) => a.start - b.start)
    .map((turn) => {
      const number = numbers.get(turn.speaker) ?? numbers.size + 1;
      numbers.set(turn.speaker, number);
      return { ...turn, speaker: number };
    });
}
