import type { Logger } from "pino";
import type { Pool } from "pg";
import { timing } from "#domain/timing.ts";
import { listen } from "./listen.ts";

interface Deps {
  pool: Pool;
  log: Logger;
  /** The Postgres channel on which new rows are told of. */
  channel: string;
  /** Takes what is due and hands it over; says whether there was anything. Must not throw. */
  pass: () => Promise<boolean>;
}

/**
 * Runs passes over a queue in Postgres until stopped: again at once while there is work, else when told of new rows,
 * and every second anyway. `stop` waits for the pass under way.
 */
export function startQueueLoop({ pool, log, channel, pass }: Deps): { tell(): void; stop(): Promise<void> } {
  const stopping = new AbortController();
  let isTold = false;
  let wake = () => {};
  const tell = () => {
    isTold = true;
    wake();
  };
  const listening = listen({ pool, log, channel, onNotice: tell, stopping: stopping.signal });
  const working = (async () => {
    while (!stopping.signal.aborted) {
      isTold = false;
      if ((await pass()) || isTold) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, timing.queuePollMs).unref();
        stopping.signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  })();
  return {
    tell,
    async stop() {
      stopping.abort();
      await working;
      await listening;
    },
  };
}

/** How long a row that could not be handed over waits before its next try, after so many. */
export const nextTryMs = (attempts: number) =>
  Math.min(timing.handOver.longestMs, timing.handOver.firstMs * 2 ** Math.min(attempts, 20));
