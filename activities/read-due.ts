import { cancellationSignal } from "@temporalio/activity";
import { inParallel } from "#domain/in-parallel.ts";
import { startHeartbeat } from "./heartbeat.ts";

/** Servers of others are slow, and mostly waited for. */
const mostAtOnce = 8;
const batchSize = 100;

interface Pass {
  /** The ids of what is due, at most so many. */
  due: (most: number) => Promise<string[]>;
  read: (id: string, signal: AbortSignal) => Promise<unknown>;
  onError: (error: unknown, id: string) => void;
}

/** Reads all whose time has come. What fails is due again; one that fails holds up no other. */
export async function readAllDue({ due, read, onError }: Pass): Promise<void> {
  using _heartbeat = startHeartbeat();
  const signal = cancellationSignal();
  for (;;) {
    const ids = await due(batchSize);
    await inParallel(ids, mostAtOnce, async (id) => {
      await read(id, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        onError(error, id);
      });
    });
    if (ids.length < batchSize) return;
  }
}

/** Passes go by the clock, each minute or, where readings are more frequent, with each of them. */
const passMs = 60_000;

/**
 * From the end of a reading until it is due again: half a pass less than the interval. Readings take their time, and by a
 * whole interval each would be met by the pass after the one that comes with its end.
 */
export const waitAfterSuccess = (intervalMs: number): number => intervalMs - Math.min(passMs, intervalMs) / 2;

interface Failed {
  /** Between two readings that go well, in milliseconds. */
  intervalMs: number;
  /** How often in a row it failed before this time. */
  failures: number;
  longestMs: number;
  /** How long its server asked to be left alone. */
  askedMs: number;
}

/** How long to wait after a failure: twice as long each time, up to the longest, and no less than was asked for. */
export const waitAfterFailure = ({ intervalMs, failures, longestMs, askedMs }: Failed): number =>
  Math.max(askedMs, Math.min(longestMs, intervalMs * 2 ** Math.min(failures, 10)));
