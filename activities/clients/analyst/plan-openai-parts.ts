import { tokensOf } from "./prices.ts";

/** Parts asked about at the same time. */
const atOnce = 3;

/** Runs of items within a budget of tokens, as their JSON counts. */
export function partsOf<T>(items: T[], lineOf: (item: T) => object, partTokens: number): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = tokensOf(JSON.stringify(lineOf(item)));
    if (size > room || parts.length === 0) {
      parts.push([]);
      room = partTokens;
    }
    parts.at(-1)?.push(item);
    room -= size;
  }
  return parts;
}

/** Asks about all parts, a few at the same time. One failure fails the whole and stops what is still being asked. */
export async function askAll<T, Answer>(
  parts: T[],
  outer: AbortSignal,
  askOne: (part: T, index: number, signal: AbortSignal) => Promise<Answer>,
  onDone: (count: number) => void,
): Promise<Answer[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  const answers: Answer[] = [];
  try {
    for (let start = 0; start < parts.length; start += atOnce) {
      const group = parts.slice(start, start + atOnce).map((part, offset) => askOne(part, start + offset, signal));
      answers.push(...(await Promise.all(group)));
      onDone(answers.length);
    }
  } finally {
    failed.abort();
  }
  return answers;
}

/** Every second item is left out until the rest fits the budget: some of every time stays. */
export function thinned<T extends object>(items: T[], tokens: number): T[] {
  const fits = tokensOf(JSON.stringify(items)) <= tokens || items.length <= 1;
  return fits
    ? items
    : thinned(
        items.filter((_, index) => index % 2 === 0),
        tokens,
      );
}
