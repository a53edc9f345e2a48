import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { databaseState, wayOut } from "#prisma/migration-state.ts";
import type { PrismaClient } from "#records/db.ts";

interface Waiting {
  log: Logger;
  pauseMs?: number;
}

/** Returns when the database is of this release. What it waits for is told once, and again when it is something else. */
export async function waitForDatabase(prisma: PrismaClient, { log, pauseMs = 2_000 }: Waiting): Promise<void> {
  let told: string | null = null;
  for (;;) {
    const state = await databaseState(prisma);
    if (state === "ok") return;
    if (state !== told) log.warn(`${wayOut[state]}. Waiting for it.`);
    told = state;
    await sleep(pauseMs);
  }
}

/** What `connect` gives as soon as it does. Processes start in any order, so what is away is no reason to end. */
export async function waitForTemporal<T>(
  connect: () => Promise<T>,
  { log, address, pauseMs = 2_000 }: Waiting & { address: string },
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await connect();
    } catch (error) {
      if (tries === 1)
        log.warn({ err: error, address }, "Temporal does not answer at TEMPORAL_ADDRESS. Waiting for it.");
      await sleep(pauseMs);
    }
  }
}
