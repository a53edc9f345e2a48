/** Lets at most `places` pieces of work run at once; the others wait in line. */
export function createSemaphore(places: number) {
  let free = places;
  const line: (() => void)[] = [];

  return async function pass<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await new Promise<void>((enter) => line.push(enter));
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
