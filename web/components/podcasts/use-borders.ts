import { useState } from "react";
import { clock } from "../ui/format.ts";

/** Where an episode begins and ends in its file, in seconds. */
export interface Borders {
  from: number;
  to: number;
}

export const tenths = (at: number) => Math.round(at * 10) / 10;

/** 75.3 → "1:15.3", for places that are set by the tenth of a second. */
export const preciseClock = (at: number) => `${clock(tenths(at))}.${Math.round(at * 10) % 10}`;

/** An episode's borders as they are, or as a person has moved them since; the next revision has its own. */
export function useBorders(now: Borders, revision: number) {
  const [moved, setMoved] = useState<(Borders & { revision: number }) | null>(null);
  const is = { from: tenths(now.from), to: tenths(now.to) };
  const borders: Borders = moved?.revision === revision ? moved : is;
  return {
    borders,
    isMoved: borders.from !== is.from || borders.to !== is.to,
    move: (to: Borders) => setMoved({ ...to, revision }),
    reset: () => setMoved(null),
  };
}
export type MovableBorders = ReturnType<typeof useBorders>;
