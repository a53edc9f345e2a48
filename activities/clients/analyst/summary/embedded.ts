import { Worker } from "node:worker_threads";
import { ApplicationFailure } from "@temporalio/common";
import type { AnalysisRequest, AnalysisResult } from "#domain/analysis.ts";
import type { AnalyseOptions, Analyst } from "../analyst.ts";
import type { EmbeddedReport } from "./embedded-child.ts";

const maxHeapMb = 512;

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
  const result = await readInThread(request, options);
  const isSilent = result.bullets.length === 0 && result.actionItems.length === 0;
  return isSilent ? { ...result, notes: [...result.notes, "Too little was said for a summary."] } : result;
}

// Reading hours of speech takes seconds of pure computing: in a thread, so that the worker goes on beating.
async function readInThread(request: AnalysisRequest, { signal, onProgress }: AnalyseOptions): Promise<AnalysisResult> {
  const { promise, resolve, reject } = Promise.withResolvers<AnalysisResult>();
  const thread = new Worker(new URL("./embedded-child.ts", import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  thread.on("message", (report: EmbeddedReport) => {
    if (report.type === "progress") onProgress(report.fraction);
    else resolve(report.result);
  });
  thread.on("error", (error) =>
    reject(ApplicationFailure.retryable(`Reading the transcript failed: ${error}`, "internal")),
  );
  thread.on("exit", () =>
    reject(ApplicationFailure.retryable("Reading the transcript ended without a result", "internal")),
  );
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    await thread.terminate();
  }
}
