import { unclear } from "../../transcript.ts";
import type { Segment } from "../../transcript.ts";
import { secondsOfVoice, trimToVoice } from "./voice.ts";
import type { Voice } from "./voice.ts";
import { createBorderJudge, pauseScore, speechIn } from "./borders.ts";
import type { Block } from "./borders.ts";
import { weighBorder } from "./reading.ts";
import type { Agreement, ContentReading } from "./reading.ts";

/** One end of what a file is about. */
interface Border {
  /** Whether what lies beyond is left out. */
  isCut: boolean;
  /** 0 to 4: how sure it is. 1 is one weak sign that something else is said beyond, for which nothing is cut. */
  sureness: number;
  /** Whether who has read what is said puts it there too; null: nobody has. */
  reader: Agreement | null;
}

export interface MainContent {
  firstSegmentId: string;
  lastSegmentId: string;
  startMs: number;
  endMs: number;
  start: Border;
  end: Border;
  /** Seconds in which words were understood: inside, and in the whole file. */
  speechSeconds: number;
  allSpeechSeconds: number;
  /** Seconds between the borders in which somebody speaks, understood or not; null: nobody has listened for voices. */
  voiceSeconds: number | null;
  /** With what a reader takes it to begin and to end; null: nobody has read it. */
  reading: ContentReading | null;
}

interface Heard {
  segments: readonly Segment[];
  durationMs: number;
  /** Where somebody speaks, by its sound alone; null: nobody has listened for voices. */
  voice?: readonly Voice[] | null;
  /** Whether somebody told the speakers apart; else that they seem one says nothing. */
  speakersKnown: boolean;
  /** Where a reader of what is said puts the borders, if there is one. */
  reading?: ContentReading | null;
}

const blockPauseSeconds = 8;
const mostSure = 4;
/** What is left around the first and the last word, as far as there is a pause. */
const marginSeconds = 0.3;

/**
 * Finds what a file is about: the longest dense block of speech, up to where several signs agree that something else
 * begins. One weak sign cuts nothing, but nobody is sure of such a border then. Null: no word was understood.
 */
export function findMainContent(heard: Heard): MainContent | null {
  const { segments, durationMs, voice = null, speakersKnown, reading = null } = heard;
  const said = segments
    .filter(({ text }) => text !== unclear)
    .map((each) => (voice === null ? each : trimToVoice(each, voice)))
    .toSorted((a, b) => a.start - b.start || a.sequenceNumber - b.sequenceNumber);
  const core = longestBlock(said);
  if (core === null) return null;
  const judge = createBorderJudge(said, core, speakersKnown);
  const middle = middleOf(said, core);
  const place = (id: string | undefined) => {
    const at = said.findIndex((each) => each.id === id);
    return at === -1 ? null : at;
  };
  const lastRead = place(reading?.lastSegmentId);
  const before = weighBorder(judge.find(middle, -1), {
    readAt: place(reading?.firstSegmentId),
    outermost: 0,
    count: said.length,
    secondsAt: (index) => said[index]?.start ?? 0,
    scoreAt: (index) => judge.scoreAt(index, -1),
  });
  const after = weighBorder(judge.find(middle, 1), {
    readAt: lastRead === null ? null : lastRead + 1,
    outermost: said.length,
    count: said.length,
    secondsAt: (index) => said[index - 1]?.end ?? 0,
    scoreAt: (index) => judge.scoreAt(index, 1),
  });
  const inside = said.slice(before.index ?? 0, after.index ?? said.length);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return null;
  const until = Math.max(...inside.map(({ end }) => end));
  const seconds = durationMs / 1000;
  const leading = first.start - Math.max(0, ...said.slice(0, before.index ?? 0).map(({ end }) => end));
  const trailing = (after.index === null ? seconds : (said[after.index]?.start ?? seconds)) - until;
  // A long time without a word before the first, or after the last, is music or nothing.
  const start = borderOf(before, leading);
  const end = borderOf(after, trailing);
  const clamp = (at: number) => Math.round(Math.min(seconds, Math.max(0, at)) * 1000);
  const startMs = start.isCut ? clamp(first.start - marginOf(leading)) : 0;
  const endMs = end.isCut ? clamp(until + marginOf(trailing)) : Math.round(durationMs);
  return {
    firstSegmentId: first.id,
    lastSegmentId: last.id,
    startMs,
    endMs,
    start,
    end,
    speechSeconds: speechIn(inside),
    allSpeechSeconds: speechIn(said),
    voiceSeconds: voice === null ? null : secondsOfVoice(voice, { start: startMs / 1000, end: endMs / 1000 }),
    reading,
  };
}

const marginOf = (pause: number) => Math.min(marginSeconds, Math.max(0, pause / 2));

interface WeighedBorder {
  index: number | null;
  score: number;
  reader: Agreement | null;
}

function borderOf({ index, score, reader }: WeighedBorder, pause: number): Border {
  const isCut = index !== null || pauseScore(pause) === 2;
  if (reader === "differs") return { isCut, sureness: 1, reader };
  const agreed = reader === "agrees" ? 1 : 0;
  // Without a border the one thing that raises a doubt is a weak sign of one.
  const sureness = index === null && score !== 1 ? mostSure : Math.min(mostSure, score + agreed);
  return { isCut, sureness, reader };
}

/** Of what no long pause parts, that with the most speech, which counts the more the denser it is. */
function longestBlock(said: readonly Segment[]): Block | null {
  let best: (Block & { weight: number }) | null = null;
  let from = 0;
  let until = said[0]?.end ?? 0;
  for (let index = 1; index <= said.length; index += 1) {
    const next = said[index];
    if (next !== undefined && next.start - until < blockPauseSeconds) {
      until = Math.max(until, next.end);
      continue;
    }
    const block = said.slice(from, index);
    const speech = speechIn(block);
    const span = until - (block[0]?.start ?? 0);
    const weight = span > 0 ? speech * Math.min(1, speech / span) : 0;
    if (block.length > 0 && (best === null || weight > best.weight)) best = { from, to: index, weight };
    from = index;
    until = next?.end ?? until;
  }
  return best;
}

/** The segment at half of a block's speech: whatever the borders are, it is inside. */
function middleOf(said: readonly Segment[], { from, to }: Block): number {
  const half = speechIn(said.slice(from, to)) / 2;
  let heard = 0;
  for (let index = from; index < to; index += 1) {
    heard += speechIn(said.slice(index, index + 1));
    if (heard >= half) return index;
  }
  return to - 1;
}
