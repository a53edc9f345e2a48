/** US cents per million tokens. */
interface Price {
  input: number;
  output: number;
}
export type Prices = Readonly<Record<string, Price>>;

/** What OpenAI asked in November 2026, for estimates. `default` stands for every other model and server. */
export const listPrices: Prices = {
  "gpt-4o-mini": { input: 15, output: 60 },
  "gpt-4o": { input: 250, output: 1000 },
  "gpt-4.1": { input: 200, output: 800 },
  "gpt-4.1-mini": { input: 40, output: 160 },
  "gpt-4.1-nano": { input: 10, output: 40 },
  "gpt-5": { input: 125, output: 1000 },
  "gpt-5-mini": { input: 25, output: 200 },
  "gpt-5-nano": { input: 5, output: 40 },
  default: { input: 250, output: 1000 },
};

export interface Usage {
  inputTokens: number;
  outputTokens: number;
}

/** Estimated cost in cents, with fractions. Dated names (`gpt-4o-2024-08-06`) cost what the plain name costs. */
export function costCents(model: string, usage: Usage, prices: Prices): number {
  const price = prices[model] ?? prices[model.replace(/-\d{4}-\d{2}-\d{2}$/, "")] ?? prices.default;
  if (!price) return 0;
  return (usage.inputTokens * price.input + usage.outputTokens * price.output) / 1_000_000;
}

/** Four letters of English are about a token; other scripts take about one each. */
export function tokensOf(text: string): number {
  const wide = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return Math.ceil((text.length - wide) / 4 + wide);
}
