/** A request of a page that did not reach the server, and waits. */
interface Held {
  isWrite: boolean;
  /** Sends it again. */
  again: () => void;
}

/** What waits: pages to be read, and what a person did and is not saved yet. */
export interface Waiting {
  reads: number;
  writes: number;
}

type Fetch = typeof globalThis.fetch;

interface PatienceOptions {
  fetch: Fetch;
  /** Whether the device believes that it has a network. */
  isOnline: () => boolean;
  firstDelayMs?: number;
  longestDelayMs?: number;
}

export type Patience = ReturnType<typeof createPatience>;

/** What a proxy says where the server behind it cannot be reached; Convene's own answers carry the router's mark. */
const isUnreached = (response: Response) =>
  [502, 503, 504].includes(response.status) && !response.headers.has("X-Remix-Response");

const bodiless = [204, 205, 304];

/**
 * Fetches the data of pages so that a lost connection is waited for and never becomes an error in the place of the
 * page: links stay where they are, forms keep their text. Reads are tried again by themselves. What a person did is
 * sent again when they ask; by itself only if it never left the device, since a server that got it would do it twice.
 */
export function createPatience({ fetch, isOnline, firstDelayMs = 2000, longestDelayMs = 15_000 }: PatienceOptions) {
  let held: readonly Held[] = [];
  let waiting: Waiting = { reads: 0, writes: 0 };
  const listeners = new Set<() => void>();
  const keep = (next: readonly Held[]) => {
    held = next;
    const writes = held.filter(({ isWrite }) => isWrite).length;
    waiting = { reads: held.length - writes, writes };
    listeners.forEach((listener) => listener());
  };

  async function attempt(...request: Parameters<Fetch>): Promise<Response | null> {
    try {
      const response = await fetch(...request);
      if (isUnreached(response)) return null;
      const { status, statusText, headers } = response;
      // Read whole, so that a connection that breaks in the middle is noticed here.
      const body = bodiless.includes(status) ? null : await response.blob();
      return new Response(body, { status, statusText, headers });
    } catch (error) {
      // Aborted by the page itself, which wants something else by now.
      if (!(error instanceof TypeError)) throw error;
      return null;
    }
  }

  /** Until somebody asks for another try, or the next one is due; rejects once the page wants it no more. */
  function turn(isWrite: boolean, { signal, delayMs }: { signal: AbortSignal | null; delayMs: number | null }) {
    return new Promise<void>((resolve, reject) => {
      const entry: Held = { isWrite, again: () => settle(resolve) };
      const abort = () => settle(() => reject(signal?.reason));
      const timer = delayMs === null ? undefined : setTimeout(entry.again, delayMs);
      const neverLeft = !isOnline();
      const returned = () => {
        if (!isWrite || neverLeft) entry.again();
      };
      const settle = (end: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        removeOnline(returned);
        keep(held.filter((each) => each !== entry));
        end();
      };
      signal?.addEventListener("abort", abort);
      addOnline(returned);
      keep([...held, entry]);
    });
  }
  const whenOnline = new Set<() => void>();
  const addOnline = (listener: () => void) => whenOnline.add(listener);
  const removeOnline = (listener: () => void) => whenOnline.delete(listener);

  return {
    async fetch(input: Parameters<Fetch>[0], init?: RequestInit): Promise<Response> {
      const isWrite = (init?.method ?? "GET").toUpperCase() !== "GET";
      const signal = init?.signal ?? null;
      for (let delayMs = firstDelayMs; ; delayMs = Math.min(longestDelayMs, delayMs * 2)) {
        const response = await attempt(input, init);
        if (response !== null) return response;
        signal?.throwIfAborted();
        await turn(isWrite, { signal, delayMs: isWrite ? null : delayMs });
      }
    },
    /** Tries all that waits again, now. */
    retry: () => [...held].forEach(({ again }) => again()),
    /** The device has a network again. */
    online: () => [...whenOnline].forEach((listener) => listener()),
    waiting: () => waiting,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
