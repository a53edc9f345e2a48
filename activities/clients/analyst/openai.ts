import type { AnalysisRequest, AnalysisResult } from "#domain/analysis.ts";
import { linkEvidence } from "#domain/evidence.ts";
import type { Draft } from "#domain/evidence.ts";
import type { Analyst, AnalyseOptions } from "./analyst.ts";
import { createAsk } from "./openai-ask.ts";
import type { Ask } from "./openai-ask.ts";
import { createOpenAiClient } from "../openai-client.ts";
import { createAnswerMemory } from "./openai-memory.ts";
import { PartAnswer, WholeAnswer, lineOf, partPrompt, promptVersion, wholePrompt } from "./openai-prompt.ts";
import type { PromptSegment } from "./openai-prompt.ts";
import { costCents, listPrices, tokensOf } from "./prices.ts";
import type { Prices, Usage } from "./prices.ts";

export interface OpenAiAnalystOptions {
  apiKey: string;
  /** Of a compatible server, such as `http://localhost:11434/v1`; OpenAI's own where not given. */
  baseUrl?: string | undefined;
  model: string;
  /** Added to the list prices; `default` stands for every model not named. */
  prices?: Prices;
  /** Longest wait for one answer, its body included. */
  deadlineMs?: number;
  /** Longer transcripts are read in parts of this many tokens, then summed up. */
  partTokens?: number;
}

/** Parts asked about at the same time. */
const atOnce = 3;

/** The analyst that has a language model read. What it claims is kept only as far as the transcript supports it. */
export function createOpenAiAnalyst(options: OpenAiAnalystOptions): Analyst {
  const { apiKey, baseUrl, model, prices = {}, deadlineMs = 180_000, partTokens = 24_000 } = options;
  const ask = createAsk({ client: createOpenAiClient({ apiKey, baseUrl }), model, deadlineMs });
  const memory = createAnswerMemory();
  return {
    id: "openai",
    model,
    promptVersion,
    async analyse(request, { signal, onProgress }) {
      signal.throwIfAborted();
      const usages: Usage[] = [];
      const keys: string[] = [];
      const asking = memory.remembering(ask, usages, keys);
      const result = await read(request, { ask: asking, partTokens, signal, onProgress });
      memory.forget(keys);
      const known = { ...listPrices, ...prices };
      return { result, costCents: usages.reduce((sum, usage) => sum + costCents(model, usage, known), 0) };
    },
  };
}

interface Reading extends AnalyseOptions {
  ask: Ask;
  partTokens: number;
}

async function read(request: AnalysisRequest, reading: Reading): Promise<AnalysisResult> {
  const parts = partsOf(request.segments, reading.partTokens);
  if (parts.length === 0)
    return { text: "", bullets: [], actionItems: [], notes: ["Too little was said for a summary."] };

  const failed = new AbortController();
  const signal = AbortSignal.any([reading.signal, failed.signal]);
  const steps = parts.length === 1 ? 1 : parts.length + 1;
  const drafts: Draft[] = [];
  try {
    for (let start = 0; start < parts.length; start += atOnce) {
      const asked = parts.slice(start, start + atOnce).map((segments, offset) => {
        const part = { index: start + offset, count: parts.length };
        return readPart(request, segments, part, { ...reading, signal });
      });
      drafts.push(...(await Promise.all(asked)));
      reading.onProgress(drafts.length / steps);
    }
  } finally {
    // One failure fails the whole: what the others are still asking for would be paid for nothing.
    failed.abort();
  }
  const draft: Draft = {
    overview: drafts.flatMap(({ overview }) => overview),
    bullets: drafts.flatMap(({ bullets }) => bullets),
    actionItems: drafts.flatMap(({ actionItems }) => actionItems),
    notes: [],
  };
  const result = linkEvidence(draft, request.segments, "claims");
  if (parts.length === 1) return result;
  const whole = await sumUp(request, result, reading);
  reading.onProgress(1);
  return whole;
}

/** Runs of segments within the budget. */
function partsOf(segments: PromptSegment[], partTokens: number): PromptSegment[][] {
  const parts: PromptSegment[][] = [];
  let room = 0;
  for (const segment of segments) {
    const size = tokensOf(JSON.stringify(lineOf(segment)));
    if (size > room || parts.length === 0) {
      parts.push([]);
      room = partTokens;
    }
    parts.at(-1)?.push(segment);
    room -= size;
  }
  return parts;
}

async function readPart(
  request: AnalysisRequest,
  segments: PromptSegment[],
  part: { index: number; count: number },
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
  { ask, signal }: Reading,
): Promise<AnalysisResult> {
  const statements = result.bullets.filter(({ supported }) => supported);
  if (statements.length === 0) return result;
  const byId = new Map(statements.map((statement, index) => [`b${index + 1}`, statement]));
  const lines = [...byId].map(([id, { kind, text }]) => ({ id, kind, text }));
  const prompt = wholePrompt(request, lines);
  const { answer } = await ask({ name: "conversation_summary", schema: WholeAnswer, prompt, signal });

  const kept = new Set(answer.keptIds.map((id) => byId.get(id)));
  const bullets = result.bullets.filter((bullet) => bullet.kind !== "point" || kept.has(bullet) || kept.size === 0);
  const overview = answer.overview.map(({ text, statementIds }) => ({
    text,
    segmentIds: statementIds.flatMap((id) => byId.get(id)?.segmentIds ?? ["invented"]),
  }));
  const { text } = linkEvidence({ overview, bullets: [], actionItems: [], notes: [] }, request.segments, "claims");
  return { ...result, bullets, text: text || result.text };
}
