import { Worker } from "node:worker_threads";
import { ApplicationFailure } from "@temporalio/common";
import { failure } from "../../child.ts";
import type { AnalyseOptions } from "../analyst.ts";
import type { PlanReport } from "./embedded-child.ts";
import type { PlanReader, PlanReading, PlanRequest } from "./plan-reader.ts";
import { silentReading, unmoved } from "./plan-words.ts";

const maxHeapMb = 512;
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
      const reading = withoutReading(request) ?? (await readInThread(request, deadlineMs, options));
      return { reading, costCents: 0 };
    },
  };
}

function withoutReading(request: PlanRequest): PlanReading | null {
  const silent = silentReading(request);
  if (silent || /^(?:en\b|english$|$)/i.test(request.language)) return silent;
  const notes = ["The built-in reading of plans understands English only. Set OPENAI_API_KEY to have others read."];
  return { ...unmoved(request, englishOnly), notes };
}

// Hours of talk take seconds of pure computing: in a thread, so that the worker goes on beating.
async function readInThread(request: PlanRequest, deadlineMs: number, { signal, onProgress }: AnalyseOptions) {
  const { promise, resolve, reject } = Promise.withResolvers<PlanReading>();
  const thread = new Worker(new URL("./embedded-child.ts", import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
  });
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const late = setTimeout(() => reject(failure("stalled", `the plan was not read after ${deadlineMs} ms`)), deadlineMs);
  thread.on("message", (report: PlanReport) => {
    if (report.type === "progress") onProgress(report.fraction);
    else resolve(report.reading);
  });
  thread.on("error", (error) =>
    reject(ApplicationFailure.retryable(`Reading the plan's progress failed: ${error}`, "internal")),
  );
  thread.on("exit", () =>
    reject(ApplicationFailure.retryable("Reading the plan's progress ended without a result", "internal")),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    signal.removeEventListener("abort", abort);
    await thread.terminate();
  }
}
