/**
 * How a connection stands. `reconnecting`: it is being tried again, `nextInMs` after the last failure; `offline`: the
 * quick tries are used up (or the device has no network) and slow ones go on; `signed-out`: only signing in helps.
 */
export type ConnectionStatus =
  | { state: "idle" | "connecting" | "live" | "signed-out" }
  | { state: "reconnecting"; attempt: number; nextInMs: number }
  | { state: "offline"; nextInMs: number };

export interface ReconnectOptions {
  /** Quick tries, with exponential backoff; after them a slow retry goes on for ever. */
  maxReconnectAttempts?: number;
  firstDelayMs?: number;
  longestDelayMs?: number;
  slowDelayMs?: number;
}

/** Decides when a connection is tried again. The owner connects when told and reports what came of it. */
export function createReconnector({
  connect,
  onStatus,
  maxReconnectAttempts = 10,
  firstDelayMs = 500,
  longestDelayMs = 15_000,
  slowDelayMs = 60_000,
}: ReconnectOptions & { connect: () => void; onStatus: (status: ConnectionStatus) => void }) {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let status: ConnectionStatus = { state: "idle" };

  function become(next: ConnectionStatus) {
    status = next;
    onStatus(next);
  }

  function tryNow() {
    clearTimeout(timer);
    timer = undefined;
    connect();
  }

  // Full jitter would let a client come back at once with all the others; half of it spreads them and keeps order.
  const spread = (ms: number) => Math.round(ms * (0.5 + Math.random() / 2));

  function retryWhenWaiting() {
    if (timer !== undefined) tryNow();
  }
  const onVisible = () => {
    if (document.visibilityState === "visible") retryWhenWaiting();
  };
  const hasPage = typeof window !== "undefined" && typeof document !== "undefined";
  if (hasPage) {
    window.addEventListener("online", retryWhenWaiting);
    document.addEventListener("visibilitychange", onVisible);
  }

  return {
    status: () => status,
    start() {
      attempt = 0;
      become({ state: "connecting" });
      tryNow();
    },
    opened() {
      attempt = 0;
      become({ state: "live" });
    },
    /** The connection ended, or a try failed. */
    lost() {
      clearTimeout(timer);
      attempt += 1;
      const isSlow = attempt > maxReconnectAttempts;
      const delayMs = isSlow ? slowDelayMs : Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
      const nextInMs = spread(delayMs);
      const hasNoNetwork = hasPage && !navigator.onLine;
      become(isSlow || hasNoNetwork ? { state: "offline", nextInMs } : { state: "reconnecting", attempt, nextInMs });
      timer = setTimeout(tryNow, nextInMs);
    },
    /** The server does not know this person (any more): no try can help until they sign in. */
    refused() {
      clearTimeout(timer);
      timer = undefined;
      become({ state: "signed-out" });
    },
    retryNow: retryWhenWaiting,
    /** Ends the tries; `start` begins anew. */
    stop() {
      clearTimeout(timer);
      timer = undefined;
      become({ state: "idle" });
    },
    dispose() {
      clearTimeout(timer);
      if (!hasPage) return;
      window.removeEventListener("online", retryWhenWaiting);
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}
