import { posix } from "node:path";

/** Text of each of our files by its path from the project's folder. */
export type Sources = ReadonlyMap<string, string>;

// What is loaded when a file is: imports that are more than types, and modules that run in a child or a thread.
const imported = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s+)?"([^"]+)"/gm;
const loaded = /\b(?:import\(|new URL\()\s*"([^"]+\.tsx?)"/g;

/** Nothing imports the workflows: the tests' workers get them as the bundle that is made before the first test. */
const bundled = new Map([["tests/setup/temporal.ts", ["workflows/index.ts"]]]);

function importsOf(path: string, text: string): string[] {
  const named = [...text.matchAll(imported), ...text.matchAll(loaded)].map(([, name = ""]) => name);
  const ours = named.flatMap((name) => {
    if (name.startsWith("#")) return name.slice(1);
    return name.startsWith(".") ? posix.join(posix.dirname(path), name) : [];
  });
  return [...ours, ...(bundled.get(path) ?? [])];
}

/** The files that load one of these, each with how many imports lie between; the changed ones themselves at 0. */
export function distances(sources: Sources, changed: string[]): Map<string, number> {
  const loadedBy = new Map<string, string[]>();
  for (const [path, text] of sources) {
    for (const target of importsOf(path, text)) loadedBy.set(target, [...(loadedBy.get(target) ?? []), path]);
  }
  const found = new Map(changed.map((path) => [path, 0]));
  for (const [path, distance] of found) {
    for (const next of loadedBy.get(path) ?? []) if (!found.has(next)) found.set(next, distance + 1);
  }
  return found;
}

export interface Given {
  sources: Sources;
  changed: string[];
  /** Whether it is a test of `npm test`. */
  isTest: (path: string) => boolean;
  /** How long a test file took when it last ran here. */
  lasted: (path: string) => number | undefined;
  /** How long all of them together may take, one after the other. */
  budgetMs: number;
}

/** Of a file that has not run here yet: what most take at most. */
const usualMs = 12_000;

/** The tests that load what has changed, the nearest and then the shortest first, as many as there is time for. */
export function nearTests({ sources, changed, isTest, lasted, budgetMs }: Given) {
  const reached = [...distances(sources, changed)]
    .filter(([path]) => isTest(path) && sources.has(path))
    .map(([path, distance]) => ({ path, distance, ms: lasted(path) ?? usualMs }))
    .toSorted((a, b) => a.distance - b.distance || a.ms - b.ms);
  const taken: string[] = [];
  let leftMs = budgetMs;
  for (const { path, distance, ms } of reached) {
    // A test that was changed itself is what one works on, and one at least there has to be.
    if (distance > 0 && taken.length > 0 && ms > leftMs) continue;
    taken.push(path);
    leftMs -= ms;
  }
  return { taken, left: reached.map(({ path }) => path).filter((path) => !taken.includes(path)) };
}
