import { availableParallelism } from "node:os";

/** Reckoning: more at once than there are processors would only take more memory. */
export const mostReckoning = Math.max(2, availableParallelism());

/** Lets this many go on at a time; the others wait in the order they came. Who entered leaves. */
export function createGate(most: number) {
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
