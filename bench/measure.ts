import { readFileSync } from "node:fs";
import type { Figure } from "./scenario.ts";

/** Milliseconds on a clock that every process of this machine shares, so that two processes' stamps compare. */
export const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

/** The value below which `share` (0 to 1) of the samples lie (nearest rank). NaN for none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** p50, p95 and p99 of latencies in milliseconds; `targetP99` marks the last one. */
export const latencyFigures = (label: string, samples: readonly number[], targetP99?: number): Figure[] => [
  { label: `${label}, p50`, value: percentile(samples, 0.5), unit: "ms" },
  { label: `${label}, p95`, value: percentile(samples, 0.95), unit: "ms" },
  { label: `${label}, p99`, value: percentile(samples, 0.99), unit: "ms", ...(targetP99 ? { target: targetP99 } : {}) },
];

/** Resident memory of a process in MB, shared libraries included; 0 where it is gone. Linux only. */
export const residentMb = (pid: number): number => mbOf(`/proc/${pid}/status`, "VmRSS");

/** What a process adds to the memory in use, in MB: pages that several map count once among them. Linux only. */
export const ownMb = (pid: number): number => mbOf(`/proc/${pid}/smaps_rollup`, "Pss");

/** What of it the process has written itself, in MB: what is left of `ownMb` are files' pages, which the system can drop. */
export const writtenMb = (pid: number): number => mbOf(`/proc/${pid}/smaps_rollup`, "Pss_Anon");

function mbOf(path: string, field: string): number {
  try {
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(path, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Calls `act(i, dueAt)` `count` times, `perSecond` a second by the clock, never waiting for one call before the next.
 * `dueAt` is when it should have been called: a latency counted from there leaves no wait out. Rejects, once all are
 * over, with the first error of any.
 */
export async function atRate(
  { count, perSecond }: { count: number; perSecond: number },
  act: (index: number, dueAt: number) => unknown,
): Promise<void> {
  const startedAt = nowMs();
  const errors: unknown[] = [];
  const pending: Promise<unknown>[] = [];
  for (let index = 0; index < count; index += 1) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    const waitMs = dueAt - nowMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    // Noted at once: an error that waits for the end would pass for an unhandled one.
    pending.push(Promise.resolve(act(index, dueAt)).catch((error: unknown) => errors.push(error)));
  }
  await Promise.all(pending);
  if (errors.length > 0) throw errors[0];
}
