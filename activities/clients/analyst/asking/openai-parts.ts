import { WindowExceeded } from "./context-window.ts";
import type { PartSize } from "./context-window.ts";
import { tokensOf } from "./prices.ts";

/** Parts asked about at the same time. */
const atOnce = 3;

/** Where a part stands among all. */
export interface Part {
  index: number;
  count: number;
}

interface InParts<T, Answer> {
  /** An item as the model sees it. */
  lineOf(item: T): object;
  size: PartSize;
  signal: AbortSignal;
  ask(items: T[], part: Part, signal: AbortSignal): Promise<Answer>;
  onProgress(fraction: number): void;
}

/**
 * Asks about items in parts, a few at the same time; a part that is too much for the model is asked about in smaller
 * ones. Answers come in the items' order. One failure fails the whole and stops what is still being asked.
 */
export async function readInParts<T extends { text: string }, Answer>(
  items: T[],
  reading: InParts<T, Answer>,
): Promise<Answer[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([reading.signal, failed.signal]);
  const parts = partsOf(items, reading);
  const answers: Answer[] = [];
  try {
    for (let start = 0; start < parts.length; start += atOnce) {
      const group = parts.slice(start, start + atOnce);
      const asked = group.map((part, offset) =>
        readPart(part, { index: start + offset, count: parts.length }, { ...reading, signal }),
      );
      answers.push(...(await Promise.all(asked)).flat());
      reading.onProgress((start + group.length) / parts.length);
    }
  } finally {
    // What the others are still asking for would be paid for nothing.
    failed.abort();
  }
  return answers;
}

async function readPart<T extends { text: string }, Answer>(
  items: T[],
  part: Part,
  reading: InParts<T, Answer>,
): Promise<Answer[]> {
  const tokens = tokensIn(items, reading);
  // Another part may have shown meanwhile that this one is too large.
  const isKnownTooLarge = tokens > reading.size.tokens && items.length > 1;
  if (!isKnownTooLarge) {
    try {
      return [await reading.ask(items, part, reading.signal)];
    } catch (error) {
      if (!(error instanceof WindowExceeded)) throw error;
      reading.size.shrink({ tokens, error });
    }
  }
  const smaller = partsOf(
    items.flatMap((item) => halved(item, reading)),
    reading,
  );
  const answers: Answer[] = [];
  for (const [index, items] of smaller.entries()) {
    const place = { index: part.index * smaller.length + index, count: part.count * smaller.length };
    answers.push(...(await readPart(items, place, reading)));
  }
  return answers;
}

type Sized<T> = Pick<InParts<T, unknown>, "lineOf" | "size">;

const tokensIn = <T>(items: T[], { lineOf }: Sized<T>) =>
  items.reduce((sum, item) => sum + tokensOf(JSON.stringify(lineOf(item))), 0);

/** Runs of items within the size. */
function partsOf<T>(items: T[], sized: Sized<T>): T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = tokensIn([item], sized);
    if (size > room || parts.length === 0) {
      parts.push([]);
      room = sized.size.tokens;
    }
    parts.at(-1)?.push(item);
    room -= size;
  }
  return parts;
}

/** An item that is too large by itself becomes several that each say a part of its text, cut between words. */
function halved<T extends { text: string }>(item: T, sized: Sized<T>): T[] {
  const middle = item.text.indexOf(" ", Math.floor(item.text.length / 2));
  if (middle < 0 || tokensIn([item], sized) <= sized.size.tokens) return [item];
  const halves = [item.text.slice(0, middle), item.text.slice(middle + 1)];
  return halves.flatMap((text) => halved({ ...item, text }, sized));
}

/** Asks about as many of the items as the model can take in, spread over the whole. */
export const readThinned = <T extends object, Answer>(
  items: T[],
  size: PartSize,
  ask: (items: T[]) => Promise<Answer>,
): Promise<Answer> => readFitting(items, size, { fit: thinned, ask });

/** Asks about as many of the items as the model can take in, from both ends of the whole. */
export const readEnds = <T extends object, Answer>(
  items: T[],
  size: PartSize,
  ask: (items: T[]) => Promise<Answer>,
): Promise<Answer> => readFitting(items, size, { fit: endsOf, ask });

async function readFitting<T extends object, Answer>(
  items: T[],
  size: PartSize,
  { fit, ask }: { fit(items: T[], tokens: number): T[]; ask(items: T[]): Promise<Answer> },
): Promise<Answer> {
  for (;;) {
    const kept = fit(items, size.tokens);
    try {
      return await ask(kept);
    } catch (error) {
      if (!(error instanceof WindowExceeded)) throw error;
      size.shrink({ tokens: tokensOf(JSON.stringify(kept)), error });
    }
  }
}

/** Every second item is left out until the rest fits the budget: some of every time stays. */
function thinned<T extends object>(items: T[], tokens: number): T[] {
  const fits = tokensOf(JSON.stringify(items)) <= tokens || items.length <= 1;
  return fits
    ? items
    : thinned(
        items.filter((_, index) => index % 2 === 0),
        tokens,
      );
}

/** What is in the middle is left out as far as the rest fits the budget: as much of either end stays. */
function endsOf<T extends object>(items: T[], tokens: number): T[] {
  const sizes = items.map((item) => tokensOf(JSON.stringify(item)) + 1);
  if (sizes.reduce((sum, size) => sum + size, 0) <= tokens) return items;
  const fitting = (order: number[]) => {
    let room = tokens / 2;
    return Math.max(
      1,
      order.findIndex((size) => (room -= size) < 0),
    );
  };
  const [head, tail] = [fitting(sizes), fitting(sizes.toReversed())];
  return head + tail >= items.length ? items : [...items.slice(0, head), ...items.slice(items.length - tail)];
}
