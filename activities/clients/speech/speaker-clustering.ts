/** Something heard: the sum of `count` normalised embeddings, and how many seconds it stands for. */
export interface Item {
  sum: Float32Array;
  count: number;
  seconds: number;
}

interface Merge {
  a: number;
  b: number;
  similarity: number;
}

/**
 * Average-linkage clustering on cosine similarity by chains of nearest neighbours. Gives all `n - 1` merges; `a` and `b`
 * are items that stand for the groups they are in. Takes n² floats of memory, so callers keep n in the low thousands.
 */
function dendrogram(items: Item[]): Merge[] {
  const n = items.length;
  const similarity = pairSimilarities(items);
  const counts = items.map((item) => item.count);
  const alive = new Set(items.keys());
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (alive.size > 1) {
    if (chain.length === 0) chain.push(alive.values().next().value as number);
    const top = chain.at(-1) as number;
    const before = chain.at(-2);
    let best = before ?? -1;
    let most = before === undefined ? -Infinity : (similarity[top * n + before] as number);
    for (const other of alive) {
      const value = similarity[top * n + other] as number;
      if (other === top || value <= most) continue;
      best = other;
      most = value;
    }
    if (best !== before) {
      chain.push(best);
      continue;
    }
    chain.length -= 2;
    merges.push({ a: best, b: top, similarity: most });
    alive.delete(top);
    absorb(similarity, n, alive, counts, best, top);
  }
  return merges.sort((x, y) => y.similarity - x.similarity);
}

function pairSimilarities(items: Item[]): Float32Array {
  const n = items.length;
  const similarity = new Float32Array(n * n);
  for (const [i, first] of items.entries()) {
    for (let j = i + 1; j < n; j += 1) {
      const second = items[j] as Item;
      const value = dot(first.sum, second.sum) / (first.count * second.count);
      similarity[i * n + j] = value;
      similarity[j * n + i] = value;
    }
  }
  return similarity;
}

function absorb(similarity: Float32Array, n: number, alive: Set<number>, counts: number[], kept: number, gone: number) {
  const keptCount = counts[kept] as number;
  const goneCount = counts[gone] as number;
  for (const other of alive) {
    const value =
      (keptCount * (similarity[kept * n + other] as number) + goneCount * (similarity[gone * n + other] as number)) /
      (keptCount + goneCount);
    similarity[kept * n + other] = value;
    similarity[other * n + kept] = value;
  }
  counts[kept] = keptCount + goneCount;
}

/** Groups of item numbers after the given number of merges. */
function cut(items: Item[], merges: Merge[], steps: number): number[][] {
  const parent = [...items.keys()];
  const find = (index: number): number => {
    let root = index;
    while (parent[root] !== root) root = parent[root] as number;
    parent[index] = root;
    return root;
  };
  for (const { a, b } of merges.slice(0, steps)) parent[find(b)] = find(a);
  return [...Map.groupBy(items.keys(), find).values()];
}

export interface ClusterRule {
  /** Groups less alike than this stay apart. */
  stopBelow: number;
  /** A group with fewer seconds is noise, not a speaker. */
  leastSeconds: number;
  /** How many speakers there are, where somebody knows. */
  speakers?: number | undefined;
}

/** The groups that are speakers, the one with most seconds first. Items of groups too small are in none. */
export function cluster(items: Item[], { stopBelow, leastSeconds, speakers }: ClusterRule): number[][] {
  if (items.length === 0) return [];
  const merges = dendrogram(items);
  const secondsOf = (group: number[]) => group.reduce((sum, index) => sum + (items[index]?.seconds ?? 0), 0);
  const bySize = (groups: number[][]) => groups.sort((a, b) => secondsOf(b) - secondsOf(a));
  const large = (steps: number) =>
    bySize(cut(items, merges, steps).filter((group) => secondsOf(group) >= leastSeconds));
  const natural = merges.filter((merge) => merge.similarity >= stopBelow).length;
  if (speakers === undefined) {
    const found = large(natural);
    return found.length > 0 ? found : bySize(cut(items, merges, natural)).slice(0, 1);
  }
  // From one group downwards: the first cut with as many groups of substance as there are speakers.
  const deepest = Math.max(0, merges.length - speakers - 60);
  for (let steps = merges.length - speakers + 1; steps >= deepest; steps -= 1) {
    const groups = large(Math.max(0, steps));
    if (groups.length >= speakers) return groups.slice(0, speakers);
  }
  return bySize(cut(items, merges, Math.max(0, merges.length - speakers + 1))).slice(0, speakers);
}

/** The item that a group of items adds up to. */
export function sumUp(items: Item[], group: number[]): Item {
  const sum = new Float32Array(items[0]?.sum.length ?? 0);
  let count = 0;
  let seconds = 0;
  for (const index of group) {
    const item = items[index] as Item;
    for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] as number) + (item.sum[at] as number);
    count += item.count;
    seconds += item.seconds;
  }
  return { sum, count, seconds };
}

export function dot(a: Float32Array, b: Float32Array): number {
  // Two sums at once: the additions do not wait for each other, which halves the time of clustering.
  let even = 0;
  let odd = 0;
  const last = a.length - 1;
  for (let index = 0; index < last; index += 2) {
    even += (a[index] as number) * (b[index] as number);
    odd += (a[index + 1] as number) * (b[index + 1] as number);
  }
  return last % 2 === 0 ? even + odd + (a[last] as number) * (b[last] as number) : even + odd;
}

export function normalise(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}
