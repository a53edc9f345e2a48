import type { ProgressEntry } from "#domain/plan.ts";
import type { AnalyseOptions } from "../analyst.ts";

/** What `generateMeetingAnalysis` is given. Segments are in order of time. */
export interface PlanRequest {
  meetingId: string;
  /** The session of the plan that this meeting was for; null where none was named. */
  sessionName: string | null;
  /** One entry for every session of the plan, as far as earlier meetings brought it. */
  currentProgress: ProgressEntry[];
  segments: { id: string; speaker: "user" | "agent"; name: string; text: string }[];
  language: string;
}

/** Every goal newly covered names segments of this meeting that show it. */
export interface PlanReading {
  progressSummary: string;
  updatedProgress: ProgressEntry[];
  /** What the agent is told in the next session; empty where the plan is done. */
  nextSessionPrompt: string;
  notes: string[];
}

/** Reads how far a meeting has brought its agent's plan. Throws as an `Analyst` does. */
export interface PlanReader {
  /** `embedded` or `openai`. */
  id: string;
  model: string;
  promptVersion: string;
  generateMeetingAnalysis: (
    request: PlanRequest,
    options: AnalyseOptions,
  ) => Promise<{ reading: PlanReading; costCents: number }>;
}
