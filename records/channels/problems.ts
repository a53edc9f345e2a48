import { shownAddress, sourceProblems } from "#domain/channels/source-problem.ts";
import type { SourceProblem } from "#domain/channels/source-problem.ts";

/** Why a check failed: something of the source's, or of ours. */
export type CheckProblem = SourceProblem | "internal";

const isOfSource = (problem: string): problem is SourceProblem => Object.hasOwn(sourceProblems, problem);

/** What the person reads of it, with the way out. */
export function wordsOf(problem: string, url: string | null): string {
  if (!isOfSource(problem)) return "Something went wrong on our side. It is tried again by itself.";
  return sourceProblems[problem].words(shownAddress(url ?? ""));
}

/** What no waiting mends. A 404 is none of them: feeds of large hosts are away for hours, and come back. */
const permanent: readonly CheckProblem[] = [
  "refused",
  "redirected",
  "not_allowed",
  "gone",
  "not_a_feed",
  "not_a_channel",
  "tool_missing",
  "needs_key",
  "hostile",
  "too_large",
  "too_slow",
];

/** Whether waiting does not help: a person is told at once. */
export const isPermanent = (problem: CheckProblem): boolean => permanent.includes(problem);
