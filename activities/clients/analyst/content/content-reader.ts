import type { ContentClaim } from "#domain/channels/judgement/reading.ts";
import type { Segment } from "#domain/transcript.ts";
import type { AnalyseOptions } from "../analyst.ts";

export interface ContentRequest {
  title: string;
  /** In order of time; only what was understood. */
  segments: readonly Segment[];
  language: string;
}

/** Reads where the main content of a recording begins and ends, by what is said. Throws as an `Analyst` does. */
export interface ContentReader {
  model: string;
  /** Nothing of the claim is verified yet. */
  readContent: (
    request: ContentRequest,
    options: AnalyseOptions,
  ) => Promise<{ claim: ContentClaim; costCents: number }>;
}
