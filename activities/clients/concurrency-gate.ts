import { availableParallelism } from "node:os";

/**
 * Reckoning: more at once than there are processors would only take more memory, of which each thread needs some 100 MB,
 * and keeps it for half a minute after its end.
 */
export const maxConcurrentCompute = Math.min(4, Math.max(2, availableParallelism()));

export interface Gate {
  enter(): Promise<void>;
  leave(): void;
}

/** Lets this many go on at a time; the others wait in the order they came. Who entered leaves. */
export function createGate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return {
    async enter(): Promise<void> {
      if (inside < most) inside += 1;
      // Whoever leaves hands its place on, so that nobody slips in between.
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave(): void {
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    },
  };
}
