import { advanceProgress } from "#domain/plan.ts";
import type { GoalClaim } from "#domain/plan.ts";
import type { OnProgress } from "../analyst.ts";
import { answerIn } from "./embedded-answers.ts";
import { findCovered, findHeld } from "./embedded-cover.ts";
import { readGoals } from "./embedded-goals.ts";
import { rootsOf } from "./embedded-roots.ts";
import type { PlanReading, PlanRequest } from "./plan-reader.ts";
import { nextPrompt, quoted, planStatus } from "./plan-report.ts";

const mostQuotes = 10;
const longestQuote = 300;

/** Reads a meeting against its plan by its words alone. Pure but for the reports of progress. */
export function readPlan(request: PlanRequest, onProgress: OnProgress): PlanReading {
  const { currentProgress, sessionName, segments } = request;
  const near = currentProgress.findIndex((entry) => entry.session_name === sessionName && entry.status !== "completed");
  const goals = readGoals(currentProgress, near);
  const held = currentProgress[near]?.goals.length === 0 ? findHeld(segments, goals) : [];
  const claims: GoalClaim[] = [
    ...(held.length > 0 ? [{ session: near, goal: null, segmentIds: held }] : []),
    ...findCovered(segments, goals, onProgress),
  ];
  const isOpen = ({ session, goal }: GoalClaim) => goal === null || !currentProgress[session]?.goals[goal]?.covered;
  const { progress } = advanceProgress(currentProgress, claims, request);
  const quotes = quotesOf(request, claims.filter(isOpen));
  onProgress(1);
  const covered = quotes.length > 0 ? [] : ["No goal of the plan was covered in this meeting."];
  return {
    progressSummary: [
      ...covered,
      planStatus(request, progress),
      ...quotes.slice(0, mostQuotes),
      "Read without a language model: a goal counts as covered where words of the person show it.",
    ].join(" "),
    updatedProgress: progress,
    nextSessionPrompt: nextPrompt(progress, quotes),
    notes: [],
  };
}

function quotesOf({ currentProgress, segments }: PlanRequest, claims: GoalClaim[]): string[] {
  const texts = new Map(segments.map(({ id, text }) => [id, text]));
  return claims.map(({ session, goal, segmentIds }) => {
    const entry = currentProgress[session];
    const about = goal === null ? entry?.session_name : entry?.goals[goal]?.text;
    const said = segmentIds.map((id) => texts.get(id) ?? "");
    return `On ${quoted(about ?? "")} was said: ${quoted(mostTelling(said), longestQuote)}`;
  });
}

/** The sentence with the most in it that may be an answer, word for word. */
function mostTelling(texts: string[]): string {
  const sentences = texts.flatMap((text) => text.split(/(?<=[.!?…])\s+/));
  const counted = sentences.map((sentence) => ({ sentence, count: rootsOf(answerIn(sentence).text).size }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.sentence ?? "";
}
