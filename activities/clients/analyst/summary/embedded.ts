import type { AnalysisRequest, AnalysisResult } from "#domain/analysis.ts";
import type { AnalyseOptions, Analyst } from "../analyst.ts";
import { runInThread } from "../../run-in-thread.ts";

const work = { module: new URL("./embedded-child.ts", import.meta.url), name: "Reading the transcript" };

/**
 * The analyst that needs no account. It quotes: every bullet, decision and action item is a sentence of the
 * transcript, word for word. English only: of another language it says so and gives an empty result.
 */
export function createEmbeddedAnalyst(): Analyst {
  return {
    id: "embedded",
    model: "extractive",
    promptVersion: "quotes-1",
    analyse: async (request, options) => ({ result: await read(request, options), costCents: 0 }),
  };
}

async function read(request: AnalysisRequest, options: AnalyseOptions): Promise<AnalysisResult> {
  options.signal.throwIfAborted();
  const empty = { text: "", bullets: [], actionItems: [] };
  if (!/^(?:en\b|english$|$)/i.test(request.language))
    return {
      ...empty,
      notes: ["The built-in analysis reads English only. Set OPENAI_API_KEY to have other languages read."],
    };
  const result = await runInThread<AnalysisResult>({ ...work, input: request }, options);
  const isSilent = result.bullets.length === 0 && result.actionItems.length === 0;
  return isSilent ? { ...result, notes: [...result.notes, "Too little was said for a summary."] } : result;
}
