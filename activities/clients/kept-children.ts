import { startChild } from "./child.ts";
import type { Child, ChildOptions } from "./child.ts";
import { residentMb } from "./resident-memory.ts";

interface Options extends Omit<ChildOptions, "signal"> {
  /** How long a child that nobody uses is kept. */
  idleMs: number;
}

export interface Lease {
  child: Child;
  /** Gives the child back, for whoever asks next. */
  release(): Promise<void>;
}

/**
 * Children that outlast their work by a while, so that what they have loaded is there for the next piece of it. Each
 * serves one user at a time; aborting the user's signal kills it, as does growing past what it may take.
 */
export function keepChildren({ idleMs, ...options }: Options) {
  const idle = new Map<Child, NodeJS.Timeout>();

  function takeIdle(): Child | undefined {
    for (const [child, timer] of idle) {
      clearTimeout(timer);
      idle.delete(child);
      if (child.isOpen()) return child;
    }
    return undefined;
  }

  async function keep(child: Child) {
    if (!child.isOpen()) return;
    // A long life must not end one day in a recording that is not to blame for it.
    if ((await residentMb(child.pid)) > options.maxRssMb / 2) return child.close();
    const timer = setTimeout(() => {
      idle.delete(child);
      void child.close();
    }, idleMs);
    timer.unref();
    idle.set(child, timer);
  }

  return {
    borrow(signal?: AbortSignal): Lease {
      signal?.throwIfAborted();
      const child = takeIdle() ?? startChild(options);
      const onAbort = () => void child.close(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      return {
        child,
        async release() {
          signal?.removeEventListener("abort", onAbort);
          await keep(child);
        },
      };
    },
  };
}
