import { setTimeout as sleep } from "node:timers/promises";

/** Asks `check` until it says yes. Rejects with `what` in the message after `deadlineMs`. */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean> | boolean,
  { deadlineMs = 30_000, everyMs = 50, signal }: { deadlineMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await check())) {
    if (signal?.aborted) throw new Error(`${what}: given up`);
    if (Date.now() > deadline) throw new Error(`${what}: not so after ${Math.round(deadlineMs / 1000)} s`);
    await sleep(everyMs);
  }
}
