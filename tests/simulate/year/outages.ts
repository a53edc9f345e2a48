import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { FakeAttendee } from "#tests/fakes/attendee.ts";
import type { BotFault } from "#tests/fakes/bot-faults.ts";
import type { Convene, Part } from "#tests/faults/convene.ts";

const parts: Part[] = ["worker", "web", "temporal", "postgres"];

export interface Outage {
  part: Part;
  at: number;
}

/** kill -9 of one part after the other, evenly over the time that is given; each is back before the next falls. */
export async function killParts(
  convene: Convene,
  { count, origin, seconds, signal }: { count: number; origin: number; seconds: number; signal: AbortSignal },
  strikes: Outage[],
): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    const at = origin + ((turn + 0.7) / (count + 0.5)) * seconds * 1000;
    await wait(Math.max(0, at - Date.now()), undefined, { signal });
    const part = parts[turn % parts.length]!;
    await lives(convene, part, signal);
    const pid = convene.kill(part);
    strikes.push({ part, at: Date.now() });
    await lives(convene, part, signal, pid);
  }
}

async function lives(convene: Convene, part: Part, signal: AbortSignal, otherThan?: number): Promise<void> {
  for (;;) {
    const pid = convene.pidOf(part);
    if (pid !== undefined && pid !== otherThan) return;
    await wait(200, undefined, { signal });
  }
}

type Call = Parameters<FakeAttendee["failNext"]>[2];

const troubles: [fault: BotFault, times: number, call: Call][] = [
  // Those of one kind of request are met in this order: what must be met at all comes first.
  [{ kind: "hang" }, 1, "list"],
  [{ kind: "status", status: 429, retryAfter: "2" }, 3, "create"],
  [{ kind: "lost" }, 1, "create"],
  [{ kind: "status", status: 503 }, 3, "list"],
  [{ kind: "reset" }, 2, "get"],
  [{ kind: "status", status: 500 }, 2, "create"],
  [{ kind: "slow", ms: 3_000 }, 2, "create"],
  [{ kind: "garbage" }, 2, "get"],
  [{ kind: "lost" }, 1, "create"],
];

/** Troubles at the provider, one after the other. */
export async function troubleProvider(attendee: FakeAttendee, everyMs: number, signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn += 1) {
    attendee.failNext(...troubles[turn % troubles.length]!);
    await wait(everyMs, undefined, { signal }).catch(() => {});
  }
  attendee.mend();
}

/** The faults that were met, by kind. */
export function faultsByKind(faults: readonly BotFault[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const fault of faults) {
    const name = fault.kind === "status" ? String(fault.status) : fault.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Looks at the worker's memory until it is told to end; gives the most that any of its lives held, in MB. */
export async function peakOf(convene: Convene, part: Part, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    const pid = convene.pidOf(part);
    if (pid !== undefined) peak = Math.max(peak, highWaterOf(pid));
    await wait(500, undefined, { signal }).catch(() => {});
  }
  return peak;
}

function highWaterOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
