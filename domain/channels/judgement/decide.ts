import type { Segment } from "../../transcript.ts";
import { unclear } from "../../transcript.ts";
import type { MainContent } from "./main-content.ts";

export const reasonNames = [
  "one_clear_block",
  "length",
  "share_of_speech",
  "sure_borders",
  "whole_file",
  "language",
] as const;

/** One thing that a decision rests on. `value` is at least `threshold` where it speaks for publishing. */
interface Reason {
  name: (typeof reasonNames)[number];
  isMet: boolean;
  value: number;
  threshold: number;
  words: string;
  /** Where in the transcript it can be seen. */
  segmentIds: string[];
}

export interface Decision {
  should_autopublish: boolean;
  /** 0 to 1, that of the weakest reason; from 0.5 on all are met. */
  confidence: number;
  reasons: Reason[];
}

export interface DecisionFacts {
  content: MainContent | null;
  segments: readonly Segment[];
  /** Nothing of the file is missing, as far as can be told. */
  isWhole: boolean;
  /** It sounds like another language than the one in which it was listened to. */
  soundsForeign: boolean;
}

export interface Thresholds {
  /** Of all that is said in the file. */
  blockShare: number;
  leastSeconds: number;
  /** Of the time between the borders. */
  speechShare: number;
  /** Of 4. */
  borders: number;
  /** Of what is said, the part in which words were understood. */
  understood: number;
}

export const usualThresholds: Thresholds = {
  blockShare: 0.6,
  leastSeconds: 60,
  speechShare: 0.5,
  borders: 2,
  understood: 0.9,
};

/**
 * Whether an episode may go out without a person. Each reason alone can hold it back, and none alone lets it go. It rests
 * on how a file is built; what is said in it counts only for its borders, where somebody has read it.
 */
export function decidePublication(facts: DecisionFacts, thresholds: Thresholds): Decision {
  const judged = reasonsOf(facts, thresholds);
  const weakest = Math.min(...judged.map(({ strength }) => strength));
  return {
    should_autopublish: judged.every(({ reason }) => reason.isMet),
    confidence: Math.floor(weakest * 100) / 100,
    reasons: judged.map(({ reason }) => reason),
  };
}

interface Measure {
  name: Reason["name"];
  value: number;
  threshold: number;
  /** The value that leaves no doubt. */
  best: number;
  words: string;
  segmentIds?: string[];
}

function reasonsOf({ content, segments, isWhole, soundsForeign }: DecisionFacts, thresholds: Thresholds) {
  const seconds = content === null ? 0 : (content.endMs - content.startMs) / 1000;
  const inside = segmentsInside(segments, content);
  const unclearOnes = inside.filter(({ text }) => text === unclear);
  const understood = inside.length === 0 || soundsForeign ? 0 : 1 - unclearOnes.length / inside.length;
  const shareOfAll = ratio(content?.speechSeconds ?? 0, content?.allSpeechSeconds ?? 0);
  // By words where nobody has listened for voices.
  const shareOfTime = Math.min(1, ratio(content?.voiceSeconds ?? content?.speechSeconds ?? 0, seconds));
  const sureness = content === null ? 0 : Math.min(content.start.sureness, content.end.sureness);
  const edges = content === null ? [] : [content.firstSegmentId, content.lastSegmentId];
  const read = content?.reading ? [content.reading.firstSegmentId, content.reading.lastSegmentId] : [];
  return [
    judge({
      name: "one_clear_block",
      value: shareOfAll,
      threshold: thresholds.blockShare,
      best: 1,
      words: `${percent(shareOfAll)} of what is said in the file is in one block.`,
      segmentIds: edges,
    }),
    judge({
      name: "length",
      value: seconds,
      threshold: thresholds.leastSeconds,
      best: thresholds.leastSeconds * 3,
      words: `It is ${Math.round(seconds)} seconds long; ${thresholds.leastSeconds} are wanted.`,
      segmentIds: edges,
    }),
    judge({
      name: "share_of_speech",
      value: shareOfTime,
      threshold: thresholds.speechShare,
      best: 0.9,
      words: `Somebody speaks in ${percent(shareOfTime)} of it.`,
    }),
    judge({
      name: "sure_borders",
      value: sureness,
      threshold: thresholds.borders,
      best: 4,
      words: borderWords(content),
      segmentIds: [...new Set([...edges, ...read])],
    }),
    judge({
      name: "whole_file",
      value: isWhole ? 1 : 0,
      threshold: 1,
      best: 1,
      words: isWhole ? "Nothing of the file is missing." : "A part of the file seems to be missing.",
    }),
    judge({
      name: "language",
      value: understood,
      threshold: thresholds.understood,
      best: 1,
      words: soundsForeign
        ? "It sounds like another language than the one that was listened for."
        : `Words were understood in ${percent(understood)} of what is said.`,
      segmentIds: unclearOnes.slice(0, 20).map(({ id }) => id),
    }),
  ];
}

function judge({ best, segmentIds = [], ...measured }: Measure): { reason: Reason; strength: number } {
  const { value, threshold } = measured;
  const isMet = value >= threshold;
  const beyond = best > threshold ? Math.min(1, (value - threshold) / (best - threshold)) : 1;
  // Under its threshold a reason keeps less than half, however near it is.
  const strength = isMet ? 0.5 + beyond / 2 : Math.min(0.49, Math.max(0, value / threshold) / 2);
  return { reason: { ...measured, isMet, segmentIds }, strength };
}

function segmentsInside(segments: readonly Segment[], content: MainContent | null): Segment[] {
  if (content === null) return [];
  return segments.filter(({ start, end }) => end * 1000 > content.startMs && start * 1000 < content.endMs);
}

function borderWords(content: MainContent | null): string {
  if (content === null) return "No words were found.";
  const side = (name: string, { isCut, sureness, reader }: MainContent["start"]) => {
    if (reader === "differs") return `the language model puts ${name} elsewhere`;
    const agreed = reader === "agrees" ? " by the language model's word too" : "";
    if (isCut) return `${name} is clear${agreed}, and what lies beyond is left out`;
    if (sureness < 2) return `something else may be said before or after ${name}`;
    return `nothing else is said at ${name}${agreed}`;
  };
  const words = `${side("its beginning", content.start)}; ${side("its end", content.end)}.`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : 0);
const percent = (share: number) => `${Math.round(share * 100)} %`;
