import { setTimeout as sleep } from "node:timers/promises";
import { residentMb } from "../measure.ts";

/** Looks at the memory of processes twice a second; `stop` gives the most each had at any look. */
export function watchMemory(pids: ReadonlyMap<string, number>) {
  const peaks = new Map<string, number>();
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      for (const [name, pid] of pids) peaks.set(name, Math.max(peaks.get(name) ?? 0, residentMb(pid)));
      await sleep(500, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await watching;
    return peaks;
  };
}
