import { labelOf } from "../../transcript.ts";
import type { Segment } from "../../transcript.ts";
import { createWordComparison } from "./words.ts";

/** A stretch of a list: from this index to before that one. */
export interface Block {
  from: number;
  to: number;
}

// Speakers breathe and turn pages; people who come and go take longer, and what is longer still is mostly music.
const pauseSeconds = 4;
const longPauseSeconds = 15;
/** How much speech beyond a border is looked at: a sentence tells little, and a far one nothing. */
const window = { least: 20, most: 60 };

const lengthOf = ({ start, end }: Segment) => Math.max(0, end - start);
export const speechIn = (segments: readonly Segment[]): number =>
  segments.reduce((sum, each) => sum + lengthOf(each), 0);

/** How much a time without words speaks for a border. */
export const pauseScore = (seconds: number): number =>
  seconds >= longPauseSeconds ? 2 : seconds >= pauseSeconds ? 1 : 0;

/**
 * Scores the places where something else than the talk may begin, by three signs: a pause (up to 2), people who do not
 * take part in it, and words that it does not use (1 each; that both are its own counts against it).
 */
export function createBorderJudge(said: readonly Segment[], core: Block, speakersKnown: boolean) {
  const takesPart = partakers(said, core);
  // Near its ends a block may hold what comes before or after the talk.
  const rim = Math.floor((core.to - core.from) / 5);
  const talk = said.slice(core.from + rim, core.to - rim).filter((each) => takesPart(labelOf(each)));
  const compareWords = createWordComparison(talk.map(({ text }) => text));
  const pauseAt = (index: number) => (said[index]?.start ?? 0) - lastEnd(said, index);
  const isCandidate = (index: number) =>
    pauseAt(index) >= pauseSeconds || said[index - 1]?.speaker !== said[index]?.speaker;

  const shareOfTalk = (segments: readonly Segment[]) => {
    const all = speechIn(segments);
    return all === 0 ? 0 : speechIn(segments.filter((each) => takesPart(labelOf(each)))) / all;
  };
  // What follows a border on its far side, up to the next place that may be one.
  const near = (index: number, step: 1 | -1) => {
    const found: Segment[] = [];
    for (let at = step === 1 ? index : index - 1; said[at] !== undefined; at += step) {
      const edge = step === 1 ? at : at + 1;
      const seconds = speechIn(found);
      if (seconds >= window.most || (seconds >= window.least && isCandidate(edge))) break;
      found.push(said[at] as Segment);
    }
    return found;
  };
  const scoreAt = (index: number, step: 1 | -1) => {
    const beyond = near(index, step);
    const all = step === 1 ? said.slice(index) : said.slice(0, index);
    const share = shareOfTalk(beyond);
    const isForeign = Math.max(share, shareOfTalk(all)) <= 0.2;
    const people = !speakersKnown ? 0 : isForeign ? 1 : share >= 0.8 ? -1 : 0;
    return pauseScore(pauseAt(index)) + people + compareWords(beyond.map(({ text }) => text));
  };

  return {
    /** How much speaks for a border before the segment of this index; 0 where neither a pause is nor another speaker. */
    scoreAt: (index: number, step: 1 | -1) => (isCandidate(index) ? scoreAt(index, step) : 0),
    /** The first border from the middle outward; without one, the highest score that any place has. */
    find(middle: number, step: 1 | -1): { index: number; score: number } | { index: null; score: number } {
      let highest = 0;
      for (let index = step === 1 ? middle + 1 : middle; index > 0 && index < said.length; index += step) {
        if (!isCandidate(index)) continue;
        const score = scoreAt(index, step);
        if (score >= 2) return { index, score };
        highest = Math.max(highest, score);
      }
      return { index: null, score: highest };
    },
  };
}

const lastEnd = (said: readonly Segment[], index: number) =>
  Math.max(0, ...said.slice(Math.max(0, index - 5), index).map(({ end }) => end));

/** Who speaks most in the talk, and whoever speaks mainly between that one's words. */
function partakers(said: readonly Segment[], core: Block): (label: string) => boolean {
  const totals = (segments: readonly Segment[]) => {
    const seconds = new Map<string, number>();
    for (const each of segments) seconds.set(labelOf(each), (seconds.get(labelOf(each)) ?? 0) + lengthOf(each));
    return seconds;
  };
  const [[main] = [""]] = [...totals(said.slice(core.from, core.to))].toSorted((a, b) => b[1] - a[1]);
  const isMain = (each: Segment) => labelOf(each) === main;
  const [first, last] = [said.findIndex(isMain), said.findLastIndex(isMain)];
  const all = totals(said);
  const between = totals(said.slice(Math.max(first, core.from), Math.min(last + 1, core.to)));
  return (label) => label === main || (between.get(label) ?? 0) * 2 >= (all.get(label) ?? 0);
}
