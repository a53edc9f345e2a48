import type { Sentence } from "../sentences.ts";

// A graph of n sentences has n² edges. Blocks keep an eight-hour transcript within seconds and a few megabytes.
const blockSize = 250;
const winnersPerBlock = 25;
const damping = 0.85;
const rounds = 20;

/**
 * TextRank in two rounds: sentences compete within blocks of neighbours, then the winners of all blocks with each
 * other. Gives sentences strongest first.
 */
export function rank(sentences: Sentence[]): Sentence[] {
  const rarity = rarityOf(sentences);
  let field = sentences;
  while (field.length > blockSize) {
    const winners: Sentence[] = [];
    for (let start = 0; start < field.length; start += blockSize)
      winners.push(...strongest(field.slice(start, start + blockSize), rarity).slice(0, winnersPerBlock));
    field = winners;
  }
  return strongest(field, rarity);
}

function rarityOf(sentences: Sentence[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { terms } of sentences) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return new Map([...counts].map(([term, count]) => [term, Math.log(1 + sentences.length / count)]));
}

function strongest(sentences: Sentence[], rarity: Map<string, number>): Sentence[] {
  const edges = similarities(sentences, rarity);
  const strength = edges.map((row) => row.reduce((sum, value) => sum + value, 0));
  let scores = sentences.map(() => 1);
  for (let round = 0; round < rounds; round += 1)
    scores = edges.map((row) => {
      let score = 1 - damping;
      row.forEach((value, other) => {
        if (value > 0) score += (damping * value * (scores[other] ?? 0)) / (strength[other] ?? 1);
      });
      return score;
    });
  return sentences
    .map((sentence, index) => ({ sentence, score: scores[index] ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
    .map(({ sentence }) => sentence);
}

function similarities(sentences: Sentence[], rarity: Map<string, number>): Float64Array[] {
  const sets = sentences.map(({ terms }) => new Set(terms));
  const rows = sentences.map(() => new Float64Array(sentences.length));
  for (let a = 0; a < sets.length; a += 1)
    for (let b = a + 1; b < sets.length; b += 1) {
      const value = similarity(sets[a], sets[b], rarity);
      const [rowA, rowB] = [rows[a], rows[b]];
      if (rowA) rowA[b] = value;
      if (rowB) rowB[a] = value;
    }
  return rows;
}

function similarity(a: Set<string> = new Set(), b: Set<string> = new Set(), rarity: Map<string, number>): number {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let common = 0;
  for (const term of few) if (many.has(term)) common += rarity.get(term) ?? 0;
  return common / (Math.log(1 + a.size) + Math.log(1 + b.size) + 1);
}

/** Of sentences strongest first, the first `count` that do not say the same thing again. */
export function pickDistinct(ranked: Sentence[], count: number): Sentence[] {
  const picked: Sentence[] = [];
  for (const sentence of ranked) {
    if (picked.length === count) break;
    if (!picked.some((other) => overlap(sentence.terms, other.terms) > 0.6)) picked.push(sentence);
  }
  return picked;
}

function overlap(a: string[], b: string[]): number {
  const others = new Set(b);
  const common = a.filter((term) => others.has(term)).length;
  return common / Math.max(1, Math.min(a.length, b.length));
}
