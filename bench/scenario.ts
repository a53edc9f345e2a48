import type { Stack } from "./stack/stack.ts";

/** One line of the table. `target` is the largest value that is still good; lower is better throughout. */
export interface Figure {
  label: string;
  value: number;
  unit: "ms" | "s" | "MB" | "%" | "x" | "/s" | "count";
  target?: number;
}

export interface ScenarioContext {
  /** A tenth of the work or less: shows that the scenario runs, not what the program costs. */
  short: boolean;
  /** As many samples as the promise behind a target speaks of, where the usual run takes fewer to be done sooner. */
  long: boolean;
  /** The running program; started at the first call, shared by the scenarios that ask for it. */
  stack: () => Promise<Stack>;
  say: (line: string) => void;
  /** What a program that is measured says of itself; heard with `--verbose` only. */
  detail: (line: string) => void;
}

/** One measurement. `run` throws where the thing to be measured does not work at all. */
export interface Scenario {
  name: string;
  title: string;
  run: (context: ScenarioContext) => Promise<Figure[]>;
}
