import { percentile } from "../measure.ts";
import type { Figure } from "../scenario.ts";

/** What the one costs in multiples of the other; the same samples' p50, p95 and p99 stand beside it. */
export const overReference = (convene: readonly number[], naive: readonly number[]): Figure[] =>
  [0.5, 0.95, 0.99].map((share) => ({
    label: `Convene over the reference design, p${share * 100}`,
    value: percentile(convene, share) / percentile(naive, share),
    unit: "x",
  }));
