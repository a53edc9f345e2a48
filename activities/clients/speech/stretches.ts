import type { Stretch } from "#domain/pieces.ts";
import { timing } from "#domain/timing.ts";
import { keepChildren } from "../kept-children.ts";

export interface StretchJob {
  speech: string;
  from: number;
  seconds: number;
}

/** Where somebody speaks in a part of a recording, and where the next part begins; null after the last. */
export interface FoundStretches {
  stretches: Stretch[];
  next: number | null;
}

// Some 150 times faster than speech: a second or so, and a few where the machine is busy.
const partSeconds = 120;

const module = new URL("./speech-child.ts", import.meta.url);
const children = keepChildren({ module, maxRssMb: 1000, idleMs: timing.keepLoadedMs });

/** Where somebody speaks in the next minutes of a speech WAV, found on this machine in a child process. */
export async function findStretches({
  speech,
  from = 0,
  signal,
}: {
  speech: string;
  from?: number | undefined;
  signal?: AbortSignal | undefined;
}): Promise<FoundStretches> {
  const { child, release } = children.borrow(signal);
  try {
    const job = { speech, from, seconds: partSeconds } satisfies StretchJob;
    return await child.call<FoundStretches>("stretches", job, { deadlineMs: 300_000, deadlineCode: "stalled" });
  } finally {
    await release();
  }
}

/** Where somebody speaks in a whole speech WAV. */
export async function findAllStretches(options: { speech: string; signal?: AbortSignal | undefined }) {
  const all: Stretch[] = [];
  for (let from: number | null = 0; from !== null;) {
    const { stretches, next } = await findStretches({ ...options, from });
    all.push(...stretches);
    from = next;
  }
  return all;
}
