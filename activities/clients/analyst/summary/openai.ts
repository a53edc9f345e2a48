import type { AnalysisRequest, AnalysisResult } from "#domain/analysis.ts";
import { linkEvidence } from "#domain/evidence.ts";
import type { Draft } from "#domain/evidence.ts";
import type { Analyst } from "../analyst.ts";
import { createModelReader } from "../asking/model-reader.ts";
import type { ModelReaderOptions, Reading } from "../asking/model-reader.ts";
import { readInParts, readThinned } from "../asking/openai-parts.ts";
import type { Part } from "../asking/openai-parts.ts";
import { PartAnswer, WholeAnswer, lineOf, partPrompt, promptVersion, wholePrompt } from "./openai-prompt.ts";
import type { PromptSegment } from "./openai-prompt.ts";

/** The analyst that has a language model read. What it claims is kept only as far as the transcript supports it. */
export function createOpenAiAnalyst(options: ModelReaderOptions): Analyst {
  const readBy = createModelReader(options);
  return {
    id: "openai",
    model: options.model,
    promptVersion,
    async analyse(request, given) {
      given.signal.throwIfAborted();
      return readBy(given, (reading) => read(request, reading));
    },
  };
}

async function read(request: AnalysisRequest, reading: Reading): Promise<AnalysisResult> {
  if (request.segments.length === 0)
    return { text: "", bullets: [], actionItems: [], notes: ["Too little was said for a summary."] };
  const drafts = await readInParts(request.segments, {
    ...reading,
    lineOf,
    ask: (segments, part, signal) => readPart(request, segments, part, { ...reading, signal }),
    // The last bit is for the summary of all.
    onProgress: (fraction) => reading.onProgress(fraction * 0.95),
  });
  const draft: Draft = {
    overview: drafts.flatMap(({ overview }) => overview),
    bullets: drafts.flatMap(({ bullets }) => bullets),
    actionItems: drafts.flatMap(({ actionItems }) => actionItems),
    notes: [],
  };
  const result = linkEvidence(draft, request.segments, "claims");
  const whole = drafts.length === 1 ? result : await sumUp(request, result, reading);
  reading.onProgress(1);
  return whole;
}

async function readPart(
  request: AnalysisRequest,
  segments: PromptSegment[],
  part: Part,
  { ask, signal }: Reading,
): Promise<Draft> {
  // Short ids cost fewer tokens than UUIDs, and an id of anything outside this part cannot be named.
  const realIds = new Map(segments.map((segment, index) => [`s${index + 1}`, segment.id]));
  const lines = segments.map((segment, index) => lineOf({ ...segment, id: `s${index + 1}` }));
  const prompt = partPrompt(request, lines, part);
  const { answer } = await ask({ name: "conversation_report", schema: PartAnswer, prompt, signal });
  const real = <T extends { segmentIds: string[] }>(claim: T) => ({
    ...claim,
    segmentIds: translated(claim.segmentIds, realIds),
  });
  return {
    overview: answer.overview.map(real),
    bullets: answer.statements.map(real),
    actionItems: answer.actionItems.map(real),
    notes: [],
  };
}

// An unknown id stays in the list as one that no segment has, so that the linker sees it was invented.
const translated = (ids: string[], realIds: Map<string, string>) => ids.map((id) => realIds.get(id) ?? "invented");

/** One summary over all parts: of the points the most important stay; decisions, questions and tasks all do. */
async function sumUp(
  request: AnalysisRequest,
  result: AnalysisResult,
  { ask, size, signal }: Reading,
): Promise<AnalysisResult> {
  const statements = result.bullets.filter(({ supported }) => supported);
  if (statements.length === 0) return result;
  const byId = new Map(statements.map((statement, index) => [`b${index + 1}`, statement]));
  const lines = [...byId].map(([id, { kind, text }]) => ({ id, kind, text }));
  const { answer } = await readThinned(lines, size, (kept) =>
    ask({ name: "conversation_summary", schema: WholeAnswer, prompt: wholePrompt(request, kept), signal }),
  );

  const kept = new Set(answer.keptIds.map((id) => byId.get(id)));
  const bullets = result.bullets.filter((bullet) => bullet.kind !== "point" || kept.has(bullet) || kept.size === 0);
  const overview = answer.overview.map(({ text, statementIds }) => ({
    text,
    segmentIds: statementIds.flatMap((id) => byId.get(id)?.segmentIds ?? ["invented"]),
  }));
  const { text } = linkEvidence({ overview, bullets: [], actionItems: [], notes: [] }, request.segments, "claims");
  return { ...result, bullets, text: text || result.text };
}
