import { z } from "zod";
import type { DeliveredEvent, SubscriptionEnd } from "#domain/live.ts";
import { createReconnector } from "./reconnector.ts";
import type { ReconnectOptions } from "./reconnector.ts";

interface PollerOptions extends ReconnectOptions {
  /** Asks the server for a path; by the session's cookie where it is the browser's own. */
  ask: (path: string, signal: AbortSignal) => Promise<Response>;
  /** Topics with the last number of each; empty while there is nothing to follow. */
  watches: () => { topic: string; after: number }[];
  onEvents: (events: DeliveredEvent[]) => void;
  onEnded: (end: SubscriptionEnd) => void;
  /** The server has answered, or does not any more. */
  onAnswering: (isAnswering: boolean) => void;
  onSignedOut: () => void;
  /** Longest the server lets a question wait. */
  waitSeconds?: number;
  /** Between two questions, so that a busy feed is not asked without a pause. */
  pauseMs?: number;
}

// Events are the server's own; what matters here is that a proxy's page in their place is not taken for an answer.
const Answer = z.object({
  events: z.array(z.custom<DeliveredEvent>((value) => z.looseObject({ topic: z.string() }).safeParse(value).success)),
  ended: z.array(z.object({ topic: z.string(), code: z.enum(["gap", "not_found"]) })),
});

/** Follows topics by asking for what is new, one question at a time, where no WebSocket comes through. */
export function createPoller({
  ask,
  watches,
  onEvents,
  onEnded,
  onAnswering,
  onSignedOut,
  waitSeconds = 20,
  pauseMs = 300,
  ...reconnect
}: PollerOptions) {
  const lost = new Set<string>();
  let asking: AbortController | null = null;
  let pausing: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let isIdle = false;
  let hasAnswered = false;
  // Its waits after failures are those of every other connection.
  const reconnector = createReconnector({ ...reconnect, connect: () => void next(), onStatus: () => undefined });

  async function next() {
    clearTimeout(pausing);
    asking?.abort();
    const wanted = watches().filter(({ topic }) => !lost.has(topic));
    isIdle = wanted.length === 0;
    if (!isRunning || isIdle) return;
    const mine = new AbortController();
    asking = mine;
    const watch = wanted.map(({ topic, after }) => `${topic}@${after}`).join();
    // Whether there is an answer at all is to be known at once.
    const wait = String(hasAnswered ? waitSeconds : 0);
    const answer = await question(`/api/live?${new URLSearchParams({ watch, wait })}`, mine.signal);
    if (asking !== mine || mine.signal.aborted) return;
    asking = null;
    hasAnswered = answer !== null;
    if (answer === "signed out") return onSignedOut();
    if (answer === null) {
      onAnswering(false);
      return reconnector.lost();
    }
    reconnector.opened();
    onAnswering(true);
    if (!isRunning) return;
    onEvents(answer.events);
    for (const end of answer.ended) {
      // Asked for again, it would be answered at once, and again.
      if (end.code === "not_found") lost.add(end.topic);
      onEnded(end);
    }
    pausing = setTimeout(() => void next(), pauseMs);
  }

  async function question(path: string, signal: AbortSignal): Promise<z.infer<typeof Answer> | "signed out" | null> {
    try {
      const response = await ask(path, AbortSignal.any([signal, AbortSignal.timeout((waitSeconds + 10) * 1_000)]));
      if (response.status === 401) return "signed out";
      return response.ok ? Answer.parse(await response.json()) : null;
    } catch {
      return null;
    }
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      hasAnswered = false;
      reconnector.start();
    },
    /** What is followed has changed. */
    renew() {
      if (!isRunning || (asking === null && !isIdle)) return;
      isIdle = false;
      clearTimeout(pausing);
      asking?.abort();
      asking = null;
      pausing = setTimeout(() => void next(), 0);
    },
    stop() {
      isRunning = false;
      clearTimeout(pausing);
      asking?.abort();
      asking = null;
      lost.clear();
      reconnector.stop();
    },
    dispose: () => reconnector.dispose(),
  };
}
