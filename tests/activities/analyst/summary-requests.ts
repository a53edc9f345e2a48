import { ApplicationFailure } from "@temporalio/common";
import type { AnalyseOptions } from "#activities/clients/analyst/analyst.ts";
import { createOpenAiAnalyst } from "#activities/clients/analyst/summary/openai.ts";
import type { ModelReaderOptions } from "#activities/clients/analyst/asking/model-reader.ts";
import type { AnalysisRequest } from "#domain/analysis.ts";
import type { OpenAiFake } from "#tests/fakes/openai.ts";

export const options = (changes: Partial<AnalyseOptions> = {}): AnalyseOptions => ({
  signal: AbortSignal.timeout(60_000),
  onProgress: () => undefined,
  ...changes,
});
export const requestOf = (texts: string[], changes: Partial<AnalysisRequest> = {}): AnalysisRequest => ({
  segments: texts.map((text, index) => ({
    id: `segment-${index}`,
    speaker: `SPEAKER_0${1 + (index % 2)}`,
    text,
    start: index * 3,
    end: index * 3 + 2.5,
  })),
  spokenOn: "2026-11-21",
  language: "en",
  template: "meeting",
  instructions: "",
  ...changes,
});
export const small = requestOf([
  "We decided to ship on Monday.",
  "I'll write the notes.",
  "Who tests it?",
  "That is all.",
]);
export const analystOf = (fake: OpenAiFake, changes: Partial<ModelReaderOptions> = {}) =>
  createOpenAiAnalyst({ apiKey: fake.apiKey, baseUrl: fake.baseUrl, model: "gpt-4o-mini", ...changes });
export const failureOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error(`not an ApplicationFailure: ${String(error)}`);
  return error;
};
