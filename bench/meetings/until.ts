import { setTimeout as sleep } from "node:timers/promises";
import { nowMs } from "../measure.ts";

/** Asks until the answer is yes; false where it was not within `withinMs`. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 10 }: { withinMs: number; everyMs?: number },
): Promise<boolean> {
  for (const end = nowMs() + withinMs; !(await isSo()); await sleep(everyMs)) if (nowMs() > end) return false;
  return true;
}

/** The same for what a measurement cannot do without. */
export async function insist(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  if (!(await until(isSo, { withinMs }))) throw new Error(`${what}: not within ${withinMs / 1000} s`);
}

/** Waits until the count is what it is to be, for as long as it moves; gives what it was in the end. */
export async function reached(goal: number, count: () => Promise<number>, stillMs: number): Promise<number> {
  for (let last = await count(), movedAt = nowMs(); ; await sleep(50)) {
    const now = await count();
    if (now !== last) movedAt = nowMs();
    last = now;
    if (now === goal || nowMs() - movedAt > stillMs) return now;
  }
}
