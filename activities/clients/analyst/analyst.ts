import type { AnalysisRequest, AnalysisResult } from "#domain/analysis.ts";

/** How far reading has come, as a fraction of the whole from 0 to 1. */
export type OnProgress = (fraction: number) => void;

export interface AnalyseOptions {
  signal: AbortSignal;
  onProgress: OnProgress;
}

/** `costCents` is an estimate in US cents, with fractions; 0 where nothing is paid for. */
interface Analysed {
  result: AnalysisResult;
  costCents: number;
}

/**
 * Reads a transcript and says what was in it, each statement with the segments it rests on.
 * Throws `ApplicationFailure` with a failure code as type; an abort rejects with the signal's reason.
 */
export interface Analyst {
  /** `embedded` or `openai`. */
  id: string;
  model: string;
  promptVersion: string;
  analyse: (request: AnalysisRequest, options: AnalyseOptions) => Promise<Analysed>;
}
