import { linkEvidence } from "#domain/evidence.ts";
import { advanceProgress } from "#domain/plan.ts";
import { failure } from "../../child.ts";
import { createOpenAiClient } from "../../openai-client.ts";
import { createAsk } from "../asking/openai-ask.ts";
import { createAnswerMemory } from "../asking/openai-memory.ts";
import { partSizeOf } from "../summary/openai.ts";
import type { OpenAiAnalystOptions } from "../summary/openai.ts";
import { planPromptVersion } from "./openai-prompt.ts";
import { askAboutPlan } from "./openai-read.ts";
import type { Told } from "./openai-read.ts";
import type { PlanReader, PlanReading, PlanRequest } from "./plan-reader.ts";
import { nextPrompt, quoted, silentReading, standing } from "./plan-words.ts";
import { costCents, listPrices } from "../asking/prices.ts";
import type { Usage } from "../asking/prices.ts";

const longestReminder = 400;

/** The reader of plans that has a language model read. What it calls covered is so only by words of the person. */
export function createOpenAiPlanReader(options: OpenAiAnalystOptions): PlanReader {
  const { apiKey, baseUrl, model, prices = {}, deadlineMs = 180_000 } = options;
  const ask = createAsk({ client: createOpenAiClient({ apiKey, baseUrl }), model, deadlineMs });
  const size = partSizeOf(options);
  const memory = createAnswerMemory();
  return {
    id: "openai",
    model,
    promptVersion: planPromptVersion,
    async generateMeetingAnalysis(request, { signal, onProgress }) {
      signal.throwIfAborted();
      const silent = silentReading(request);
      if (silent) return { reading: silent, costCents: 0 };
      const usages: Usage[] = [];
      const keys: string[] = [];
      const asking = memory.remembering(ask, usages, keys);
      const told = await askAboutPlan(request, { ask: asking, size, signal, onProgress });
      // Forgotten before the check: after silence the next try is to ask anew.
      memory.forget(keys);
      if (told.summary.every(({ text }) => text.trim() === ""))
        throw failure("provider_answer", "it says nothing about the meeting");
      const known = { ...listPrices, ...prices };
      const cents = usages.reduce((sum, usage) => sum + costCents(model, usage, known), 0);
      return { reading: verified(request, told), costCents: cents };
    },
  };
}

/** Of what a model told, what the transcript can answer for. */
function verified(request: PlanRequest, { claims, summary, reminders, notes }: Told): PlanReading {
  const { progress, unshown } = advanceProgress(request.currentProgress, claims, request);
  const segments = request.segments.map(({ id, text }, place) => ({ id, text, start: place }));
  const bullets = reminders.map((reminder) => ({ kind: "point" as const, quote: null, ...reminder }));
  const draft = { overview: summary, bullets, actionItems: [], notes: [] };
  const linked = linkEvidence(draft, segments, "claims");
  const kept = linked.bullets.filter((bullet) => bullet.supported).map(({ text }) => quoted(text, longestReminder));
  return {
    progressSummary: linked.text || standing(request, progress),
    updatedProgress: progress,
    nextSessionPrompt: nextPrompt(progress, kept),
    notes: [
      ...notes,
      ...(unshown > 0 ? [`Goals not counted as covered because no words of the person show it: ${unshown}.`] : []),
      ...(linked.text ? [] : ["The model's summary was left out because nothing in the transcript supports it."]),
    ],
  };
}
