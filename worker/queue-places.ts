import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { timing } from "#domain/timing.ts";
import type { PrismaClient } from "#records/db.ts";
import { announceQueuePlaces } from "#records/runs/turns.ts";

const mostAtOnce = 50;

/** Tells runs that wait for heavy work their place in line, until stopped. Several workers that do so tell the same. */
export function startQueuePlaces({ prisma, log }: { prisma: PrismaClient; log: Logger }): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { tellAfterMs, lookMs } = timing.inLine;
  const working = (async () => {
    while (!stopping.signal.aborted) {
      await announceQueuePlaces(prisma, { afterMs: tellAfterMs, most: mostAtOnce }).catch((error: unknown) =>
        log.warn({ err: error }, "places in line cannot be told"),
      );
      await wait(lookMs, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await working;
    },
  };
}
