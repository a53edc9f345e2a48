import { createOpenAiClient } from "../../openai-client.ts";
import type { AnalyseOptions } from "../analyst.ts";
import { createPartSize, mostPartTokens, partTokensFor } from "./context-window.ts";
import type { PartSize } from "./context-window.ts";
import { createAsk } from "./openai-ask.ts";
import type { Ask } from "./openai-ask.ts";
import { createAnswerMemory } from "./openai-memory.ts";
import { costCents, listPrices } from "./prices.ts";
import type { Prices, Usage } from "./prices.ts";

export interface ModelReaderOptions {
  apiKey: string;
  /** Of a compatible server, such as `http://localhost:11434/v1`; OpenAI's own where not given. */
  baseUrl?: string | undefined;
  model: string;
  /** Added to the list prices; `default` stands for every model not named. */
  prices?: Prices;
  /** Longest wait for one answer, its body included. */
  deadlineMs?: number;
  /** The model's context window, where its server tells neither of it nor of what it leaves out. */
  contextTokens?: number | undefined;
  /** Longer transcripts are read in parts of this many tokens, then summed up. By the window where not given. */
  partTokens?: number;
}

/** What one reading asks with. */
export interface Reading extends AnalyseOptions {
  ask: Ask;
  /** How much is read at once to begin with; what a model shows to be too much is learned from there. */
  size: PartSize;
}

/** Reads by a language model: remembers the answers of a reading that failed, and counts what each one costs. */
export function createModelReader(options: ModelReaderOptions) {
  const { apiKey, baseUrl, model, contextTokens, partTokens, prices = {}, deadlineMs = 180_000 } = options;
  const ask = createAsk({ client: createOpenAiClient({ apiKey, baseUrl }), model, deadlineMs });
  const size = createPartSize(
    partTokens ?? (contextTokens === undefined ? mostPartTokens : partTokensFor(contextTokens)),
  );
  const known = { ...listPrices, ...prices };
  const memory = createAnswerMemory();

  return async function readBy<T>(
    { signal, onProgress }: AnalyseOptions,
    read: (reading: Reading) => Promise<T>,
  ): Promise<{ result: T; costCents: number }> {
    const usages: Usage[] = [];
    const keys: string[] = [];
    const result = await read({ ask: memory.remembering(ask, usages, keys), size, signal, onProgress });
    memory.forget(keys);
    return { result, costCents: usages.reduce((sum, usage) => sum + costCents(model, usage, known), 0) };
  };
}
