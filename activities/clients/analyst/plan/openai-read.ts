import type { GoalClaim, ProgressEntry } from "#domain/plan.ts";
import type { Reading } from "../asking/model-reader.ts";
import { readInParts, readThinned } from "../asking/openai-parts.ts";
import { PlanAnswer, PlanPart, PlanWhole, planPartPrompt, planWholePrompt, transcriptLine } from "./openai-prompt.ts";
import type { PlanLine } from "./openai-prompt.ts";
import type { PlanRequest } from "./plan-reader.ts";
import { tokensOf } from "../asking/prices.ts";

interface Sentence {
  text: string;
  segmentIds: string[];
}

/** What the model told, in the transcript's own ids; nothing of it is verified yet. */
export interface PlanClaims {
  claims: GoalClaim[];
  summary: Sentence[];
  reminders: Sentence[];
  notes: string[];
}

type Place = Omit<GoalClaim, "segmentIds">;

/** How much of one answer is looked at; a hostile one may hold millions of entries. */
const most = { goals: 5000, summary: 12, reminders: 8 } as const;

/** Asks about a meeting in parts, then for one summary of all of them. */
export async function readPlanClaims(request: PlanRequest, reading: Reading): Promise<PlanClaims> {
  const { lines, places } = planLines(request);
  let asked = lines.length;
  const answers = await readInParts(
    request.segments.filter(({ text }) => text.trim() !== ""),
    {
      ...reading,
      lineOf: transcriptLine,
      async ask(segments, part, signal) {
        const plan = fitting(lines, reading.size.tokens / 2);
        asked = Math.min(asked, plan.length);
        // Short ids cost fewer tokens than UUIDs, and an id of anything outside this part cannot be named.
        const realIds = new Map(segments.map((segment, place) => [`s${place + 1}`, segment.id]));
        const short = segments.map((segment, place) => ({ ...segment, id: `s${place + 1}` }));
        const schema = part.count === 1 ? PlanAnswer : PlanPart;
        const prompt = planPartPrompt(request, plan, short, part);
        const { answer } = await reading.ask({ name: "plan_report", schema, prompt, signal });
        return inRealIds(answer, realIds);
      },
      // The last bit is for the summary of all.
      onProgress: (fraction) => reading.onProgress(fraction * 0.95),
    },
  );
  const left = lines.length - asked;
  const long = `The plan is too long to be read as a whole: ${left} of its ${lines.length} goals were not looked for.`;
  const told = {
    claims: claimsOf(answers, places),
    summary: answers.flatMap(({ summary }) => summary),
    reminders: answers.flatMap(({ reminders }) => reminders),
    notes: left > 0 ? [long] : [],
  };
  const whole = answers.length === 1 ? {} : await sumUp(told, reading);
  reading.onProgress(1);
  return { ...told, ...whole };
}

/** The plan as the model sees it, the meeting's own session first. */
function planLines({ currentProgress, sessionName }: PlanRequest) {
  const isNear = ({ line }: PlanEntry) => Number(line.session === sessionName);
  const all = currentProgress.flatMap(linesOf).toSorted((a, b) => isNear(b) - isNear(a));
  const places = new Map(all.map(({ place }, index) => [`g${index + 1}`, place]));
  return { lines: all.map(({ line }, index): PlanLine => ({ goalId: `g${index + 1}`, ...line })), places };
}

/** As much of the plan as fits the budget, and one goal at least. */
function fitting(lines: PlanLine[], tokens: number): PlanLine[] {
  let room = tokens;
  const end = lines.findIndex((line) => (room -= tokensOf(JSON.stringify(line))) < 0);
  return end < 0 ? lines : lines.slice(0, Math.max(1, end));
}

interface PlanEntry {
  place: Place;
  line: Omit<PlanLine, "goalId">;
}

function linesOf({ session_name, goals, status }: ProgressEntry, session: number): PlanEntry[] {
  const isHeld = status === "completed";
  if (goals.length === 0)
    return [{ place: { session, goal: null }, line: { session: session_name, goal: null, covered: isHeld } }];
  return goals.map(({ text, covered }, goal) => ({
    place: { session, goal },
    line: { session: session_name, goal: text, covered },
  }));
}

function inRealIds({ goals, summary, reminders }: PlanPart, realIds: Map<string, string>): PlanPart {
  // An unknown id stays in the list as one that no segment has, so that it is seen to be invented.
  const real = <T extends { segmentIds: string[] }>(claim: T) => ({
    ...claim,
    segmentIds: claim.segmentIds.slice(0, 200).map((id) => realIds.get(id) ?? "invented"),
  });
  return {
    goals: goals.slice(0, most.goals).map(real),
    summary: summary.slice(0, most.summary).map(real),
    reminders: reminders.slice(0, most.reminders).map(real),
  };
}

/** One claim a goal, with the evidence of all parts. Goals that the plan does not have are passed over. */
function claimsOf(answers: PlanPart[], places: Map<string, Place>): GoalClaim[] {
  const claims = new Map<string, GoalClaim>();
  for (const { goalId, covered, segmentIds } of answers.flatMap(({ goals }) => goals)) {
    const place = places.get(goalId);
    if (!place || !covered) continue;
    const earlier = claims.get(goalId)?.segmentIds ?? [];
    claims.set(goalId, { ...place, segmentIds: [...earlier, ...segmentIds] });
  }
  return [...claims.values()];
}

/** One summary over all parts; its sentences rest on what the parts' sentences rest on. */
async function sumUp(
  told: PlanClaims,
  { ask, size, signal }: Reading,
): Promise<Pick<PlanClaims, "summary" | "reminders">> {
  const statements = [...told.summary, ...told.reminders].filter(({ text }) => text.trim() !== "");
  if (statements.length === 0) return told;
  const byId = new Map(statements.map((statement, index) => [`b${index + 1}`, statement]));
  const lines = [...byId].map(([id, { text }]) => ({ id, text }));
  const { answer } = await readThinned(lines, size, (kept) =>
    ask({ name: "plan_summary", schema: PlanWhole, prompt: planWholePrompt(kept), signal }),
  );
  const real = ({ text, statementIds }: { text: string; statementIds: string[] }) => ({
    text,
    segmentIds: statementIds.slice(0, 200).flatMap((id) => byId.get(id)?.segmentIds ?? ["invented"]),
  });
  return {
    summary: answer.summary.slice(0, most.summary).map(real),
    reminders: answer.reminders.slice(0, most.reminders).map(real),
  };
}
