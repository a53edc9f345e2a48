import { runInThread } from "../../run-in-thread.ts";
import type { PlanReader, PlanReading, PlanRequest } from "./plan-reader.ts";
import { readingOfSilence, unchangedReading } from "./plan-report.ts";

const work = { module: new URL("./embedded-child.ts", import.meta.url), name: "Reading the plan's progress" };
const englishOnly = "The built-in reading of plans understands English only, so the plan stands where it stood.";

/**
 * The reader of plans that needs no account. It compares words: a goal is covered where the person answers a question
 * about it with some substance, or names its subject and says more. It would rather leave a goal open than cover it
 * wrongly. English only: of another language it says so and covers nothing.
 */
export function createEmbeddedPlanReader({ deadlineMs = 300_000 }: { deadlineMs?: number } = {}): PlanReader {
  return {
    id: "embedded",
    model: "extractive",
    promptVersion: "plan-words-1",
    async generateMeetingAnalysis(request, options) {
      options.signal.throwIfAborted();
      const reading =
        withoutReading(request) ?? (await runInThread<PlanReading>({ ...work, input: request, deadlineMs }, options));
      return { reading, costCents: 0 };
    },
  };
}

function withoutReading(request: PlanRequest): PlanReading | null {
  const silent = readingOfSilence(request);
  if (silent || /^(?:en\b|english$|$)/i.test(request.language)) return silent;
  const notes = ["The built-in reading of plans understands English only. Set OPENAI_API_KEY to have others read."];
  return { ...unchangedReading(request, englishOnly), notes };
}
