import { linkEvidence } from "#domain/evidence.ts";
import { advanceProgress } from "#domain/plan.ts";
import { failure } from "../../child.ts";
import { createModelReader } from "../asking/model-reader.ts";
import type { ModelReaderOptions } from "../asking/model-reader.ts";
import { planPromptVersion } from "./openai-prompt.ts";
import { readPlanClaims } from "./openai-read.ts";
import type { PlanClaims } from "./openai-read.ts";
import type { PlanReader, PlanReading, PlanRequest } from "./plan-reader.ts";
import { nextPrompt, quoted, readingOfSilence, planStatus } from "./plan-report.ts";

const longestReminder = 400;

/** The reader of plans that has a language model read. What it calls covered is so only by words of the person. */
export function createOpenAiPlanReader(options: ModelReaderOptions): PlanReader {
  const readBy = createModelReader(options);
  return {
    id: "openai",
    model: options.model,
    promptVersion: planPromptVersion,
    async generateMeetingAnalysis(request, given) {
      given.signal.throwIfAborted();
      const silent = readingOfSilence(request);
      if (silent) return { reading: silent, costCents: 0 };
      const { result: told, costCents } = await readBy(given, (reading) => readPlanClaims(request, reading));
      // After the answers were forgotten: after silence the next try is to ask anew.
      if (told.summary.every(({ text }) => text.trim() === ""))
        throw failure("provider_answer", "it says nothing about the meeting");
      return { reading: verified(request, told), costCents };
    },
  };
}

/** Of what a model told, what the transcript can answer for. */
function verified(request: PlanRequest, { claims, summary, reminders, notes }: PlanClaims): PlanReading {
  const { progress, unshown } = advanceProgress(request.currentProgress, claims, request);
  const segments = request.segments.map(({ id, text }, place) => ({ id, text, start: place }));
  const bullets = reminders.map((reminder) => ({ kind: "point" as const, quote: null, ...reminder }));
  const draft = { overview: summary, bullets, actionItems: [], notes: [] };
  const linked = linkEvidence(draft, segments, "claims");
  const kept = linked.bullets.filter((bullet) => bullet.supported).map(({ text }) => quoted(text, longestReminder));
  return {
    progressSummary: linked.text || planStatus(request, progress),
    updatedProgress: progress,
    nextSessionPrompt: nextPrompt(progress, kept),
    notes: [
      ...notes,
      ...(unshown > 0 ? [`Goals not counted as covered because no words of the person show it: ${unshown}.`] : []),
      ...(linked.text ? [] : ["The model's summary was left out because nothing in the transcript supports it."]),
    ],
  };
}
