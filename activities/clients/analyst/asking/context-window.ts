import type { ApplicationFailure } from "@temporalio/common";
import { APIError } from "openai";
import { inertText } from "#domain/inert-text.ts";
import { failure } from "../../child.ts";
import { nameOf } from "../../openai-failure.ts";
import type { ModelService } from "../../openai-failure.ts";
import { tokensOf } from "./prices.ts";

/** The model cannot take in as much as it was given at once. */
export class WindowExceeded extends Error {
  override name = "WindowExceeded";
  /** What it comes to where nothing less can be given. */
  readonly failure: ApplicationFailure;
  /** How much the model can take in, where that is known. */
  readonly tokens: number | null;

  constructor(failure: ApplicationFailure, tokens: number | null) {
    super(failure.message);
    this.failure = failure;
    this.tokens = tokens;
  }
}

// As llama.cpp, Ollama, LM Studio, vLLM, llama-cpp-python and OpenAI say it.
const tooLong =
  /context[ _-]?(size|length|window)|maximum (input|model) length|n_keep|prompt (is )?too long|reduce the length|tokens to keep from the initial prompt/i;
const sizes = [/(?:context|model) (?:size|length|window)\D{0,40}?(\d[\d,]{2,})/i, /n_ctx\D{0,10}(\d{3,})/i];

/** Whether a refusal says that the prompt is too long for the model's window; null where it says something else. */
export function windowExceeded(error: unknown, service: ModelService): WindowExceeded | null {
  if (!(error instanceof APIError)) return null;
  const { n_ctx: told } = (error.error ?? {}) as { n_ctx?: unknown };
  const isTold = error.code === "context_length_exceeded" || error.type === "exceed_context_size_error";
  if (!isTold && !tooLong.test(error.message)) return null;
  const found = sizes.map((size) => Number(size.exec(error.message)?.[1]?.replaceAll(",", "")));
  const tokens = [typeof told === "number" ? told : 0, ...found].find((size) => size >= 256) ?? null;
  const said = `${nameOf(service)}: ${inertText(error.message, 300)}`;
  return new WindowExceeded(failure("context_window", said), tokens);
}

/**
 * Whether a server has passed over a part of the prompt in silence, as Ollama and koboldcpp do: it counts fewer tokens
 * than any tokenizer makes of the text. A count of next to nothing tells of a prompt that it knew already.
 */
export function cutPrompt(prompt: string, counted: number): boolean {
  const wide = prompt.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return counted >= 256 && counted < (prompt.length - wide) / 5.5 + wide / 5;
}

/** Whether a prompt is long enough for an answer that is empty or cut off to be for want of room. */
export const mayLackRoom = (prompt: string): boolean => tokensOf(prompt) > 1_500;

/** Of a transcript at once, however large the window. */
export const mostPartTokens = 24_000;
/** Parts are not made smaller than this: a sentence or two would be summed up on their own. */
const leastPartTokens = 250;

// What the rules, the schema and the head of a prompt take; half of the rest is for the answer.
const overhead = 1_400;

/** How much of a transcript may be given at once to a model with a window of this many tokens. */
export const partTokensFor = (window: number): number =>
  Math.max(leastPartTokens, Math.min(mostPartTokens, Math.floor((window - overhead) / 2)));

/** How much to give at once, of what is known of a model so far. */
export interface PartSize {
  readonly tokens: number;
  /** Takes a part's refusal to heart: less from now on, than what this part had. Throws where nothing less can be given. */
  shrink(refused: { tokens: number; error: WindowExceeded }): void;
}

export function createPartSize(tokens: number): PartSize {
  let current = tokens;
  return {
    get tokens() {
      return current;
    },
    shrink({ tokens, error }) {
      if (tokens <= leastPartTokens) throw error.failure;
      const told = error.tokens === null ? Infinity : partTokensFor(error.tokens);
      current = Math.max(leastPartTokens, Math.min(current, told, Math.floor(tokens / 2)));
    },
  };
}
