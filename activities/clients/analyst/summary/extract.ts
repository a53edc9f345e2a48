import type { AnalysisRequest } from "#domain/analysis.ts";
import type { Draft, DraftActionItem, DraftBullet } from "#domain/evidence.ts";
import type { OnProgress } from "../analyst.ts";
import { isDecision } from "./decisions.ts";
import { isQuestion } from "../questions.ts";
import { pickDistinct, rank } from "./rank.ts";
import { sentencesOf } from "../sentences.ts";
import type { Sentence } from "../sentences.ts";
import { taskOf } from "./tasks.ts";

const shortest = 5;
/** The ranking favours long sentences; beyond this a quote is no summary of anything. */
const longest = 40;
const longestTask = 60;
const segmentsPerReport = 200;
/** Reading takes most of the time, ranking the rest. */
const readingShare = 0.8;

/** Quotes the strongest sentences, the decisions and the tasks of a transcript. Pure but for the reports of progress. */
export function extract(request: AnalysisRequest, onProgress: OnProgress): Draft {
  const sentences = read(request, onProgress);
  const decisions = sentences.filter(({ text, wordCount }) => wordCount >= 3 && isDecision(text));
  const actionItems = sentences.flatMap((sentence) => taskIn(sentence, request.spokenOn));

  const told = new Set([...decisions.map(({ text }) => text), ...actionItems.map(({ text }) => text)]);
  const telling = sentences.filter(isTelling);
  const others = telling.filter(({ text }) => !told.has(text));
  const statements = sentences.filter(({ text }) => !isQuestion(text));
  const ranked = rank([others, telling, statements].find((each) => each.length > 0) ?? []);
  const points = pickDistinct(ranked, pointCount(sentences.length));
  const overview = inOrder(points.slice(0, Math.min(5, Math.max(1, Math.ceil(points.length / 2)))), sentences);
  onProgress(1);

  return {
    overview: overview.map(({ text, segmentId }) => ({ text, segmentIds: [segmentId] })),
    bullets: [
      ...points.map((sentence) => quote("point", sentence)),
      ...decisions.map((each) => quote("decision", each)),
    ],
    actionItems,
    notes: [],
  };
}

function read({ segments }: AnalysisRequest, onProgress: OnProgress): Sentence[] {
  const sentences: Sentence[] = [];
  for (let start = 0; start < segments.length; start += segmentsPerReport) {
    sentences.push(...sentencesOf(segments.slice(start, start + segmentsPerReport)));
    onProgress((readingShare * Math.min(start + segmentsPerReport, segments.length)) / segments.length);
  }
  return sentences;
}

function taskIn({ text, segmentId, speaker, wordCount }: Sentence, spokenOn: string): DraftActionItem[] {
  const task = wordCount >= 3 && wordCount <= longestTask ? taskOf(text, speaker, spokenOn) : null;
  return task ? [{ text, ...task, quote: text, segmentIds: [segmentId] }] : [];
}

const isTelling = ({ text, wordCount, terms }: Sentence) =>
  wordCount >= shortest && wordCount <= longest && terms.length >= 2 && !isQuestion(text);

// Three for a minute, about ten for an hour, never more than fifteen.
const pointCount = (sentences: number) => Math.min(15, Math.max(3, Math.round(Math.sqrt(sentences) / 2.5)));

function inOrder(picked: Sentence[], sentences: Sentence[]): Sentence[] {
  const chosen = new Set(picked);
  return sentences.filter((sentence) => chosen.has(sentence));
}

const quote = (kind: DraftBullet["kind"], { text, segmentId }: Sentence): DraftBullet => ({
  kind,
  text,
  quote: text,
  segmentIds: [segmentId],
});
