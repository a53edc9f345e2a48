import type { AnalyseOptions } from "#activities/clients/analyst/analyst.ts";
import { createOpenAiPlanReader } from "#activities/clients/analyst/plan/openai.ts";
import type { PlanReader, PlanRequest } from "#activities/clients/analyst/plan/plan-reader.ts";
import type { ModelReaderOptions } from "#activities/clients/analyst/asking/model-reader.ts";
import { freshProgress } from "#domain/plan.ts";
import type { PlanSession, ProgressEntry } from "#domain/plan.ts";
import type { OpenAiFake } from "#tests/fakes/openai.ts";
import { options } from "./summary-requests.ts";

export const money: PlanSession[] = [
  { session_name: "Where you stand", goals: ["Monthly income", "Outstanding debts"] },
  { session_name: "Where you want to go", goals: ["Savings target for this year"] },
];

export const incomeTalk = [
  "A: What is your monthly income?",
  "U: About two thousand eight hundred euros after tax.",
  "A: Do you have outstanding debts?",
  "U: I'd rather not talk about that.",
];

/** A meeting for the first session of a plan; of each line, `A:` is the agent's and `U:` the person's. */
export const meetingOf = (
  lines: string[],
  sessions: PlanSession[],
  changes: Partial<PlanRequest> = {},
): PlanRequest => ({
  meetingId: "meeting-1",
  sessionName: sessions[0]?.session_name ?? null,
  currentProgress: freshProgress(sessions),
  segments: lines.map((line, index) => ({
    id: `segment-${index}`,
    speaker: line.startsWith("A:") ? "agent" : "user",
    name: line.startsWith("A:") ? "Ada" : "User",
    text: line.slice(3),
  })),
  language: "en",
  ...changes,
});

export const readingOf = async (reader: PlanReader, request: PlanRequest, changes: Partial<AnalyseOptions> = {}) =>
  (await reader.generateMeetingAnalysis(request, options(changes))).reading;

export const planReaderOf = (fake: OpenAiFake, changes: Partial<ModelReaderOptions> = {}) =>
  createOpenAiPlanReader({ apiKey: fake.apiKey, baseUrl: fake.baseUrl, model: "gpt-4o-mini", ...changes });

export const coveredIn = (progress: ProgressEntry[]): string[] =>
  progress.flatMap(({ goals }) => goals.filter(({ covered }) => covered).map(({ text }) => text));
