import type { Logger } from "pino";
import { startChild } from "../../child.ts";
import type { Child } from "../../child.ts";
import type { SpeechWeights } from "../../speech/weights.ts";

/** What the child makes of sound: a voice began, or ended. Words are asked for by the segment's number. */
export type SpeechBoundary = { type: "started" | "ended"; segment: number };

export interface RecognizerOptions {
  /** The embedded recogniser's files; rejects in words for people where they cannot be had. */
  weights: () => Promise<SpeechWeights>;
  log: Logger;
  maxRssMb?: number;
  /** How long the recogniser is kept in memory after the last call. */
  idleMs?: number;
}

export type Recognizer = ReturnType<typeof createRecognizer>;
export type RecognizerStream = ReturnType<Recognizer["use"]>;

const openMs = 120_000;
const hearMs = 30_000;

/**
 * The recogniser that all practice calls of a worker share, in one child process: loaded with the first call, let go
 * some time after the last. A crash of it ends what is being heard, and the next call for it starts another.
 */
export function createRecognizer({ weights, log, maxRssMb = 1500, idleMs = 60_000 }: RecognizerOptions) {
  let child: Promise<Child> | null = null;
  let users = 0;
  let idle: NodeJS.Timeout | undefined;

  async function load(): Promise<Child> {
    const files = await weights();
    const started = startChild({ module: new URL("./recognizer-child.ts", import.meta.url), maxRssMb });
    try {
      await started.call<void>("open", files, { deadlineMs: openMs, deadlineCode: "stalled" });
    } catch (error) {
      await started.close();
      throw error;
    }
    return started;
  }

  function ready(): Promise<Child> {
    child ??= load().catch((error: unknown) => {
      child = null;
      throw error;
    });
    return child;
  }

  /** One request; after a failure the child is gone or of no use, and the next request gets a new one. */
  async function ask<Output>(method: string, input: unknown): Promise<Output> {
    const asked = ready();
    const engine = await asked;
    try {
      return await engine.call<Output>(method, input, { deadlineMs: hearMs, deadlineCode: "stalled" });
    } catch (error) {
      // Otherwise it was let go, and its end is no news.
      if (child === asked) {
        child = null;
        log.warn({ err: error }, "the practice call's recogniser failed");
      }
      await engine.close();
      throw error;
    }
  }

  function letGo() {
    users -= 1;
    if (users > 0) return;
    idle = setTimeout(() => {
      const last = child;
      child = null;
      void last?.then((engine) => engine.close()).catch(() => undefined);
    }, idleMs);
    idle.unref();
  }

  return {
    /** Keeps the recogniser in memory until `letGo`. */
    use() {
      users += 1;
      clearTimeout(idle);
      let isUsed = true;
      return {
        /** Rejects in words for people where this machine cannot hear. */
        ready: async () => void (await ready()),
        hear: (stream: string, samples: Int16Array) => ask<SpeechBoundary[]>("hear", { stream, samples }),
        flush: (stream: string) => ask<SpeechBoundary[]>("flush", { stream }),
        /** Words of a voice that goes on; null: not now, something else is being recognised. */
        wordsSoFar: (stream: string, segment: number) => ask<string | null>("wordsSoFar", { stream, segment }),
        words: (stream: string, segment: number) => ask<string>("words", { stream, segment }),
        close: (stream: string) => ask<void>("close", { stream }),
        letGo() {
          if (isUsed) letGo();
          isUsed = false;
        },
      };
    },
    async close() {
      clearTimeout(idle);
      const last = child;
      child = null;
      await last?.then((engine) => engine.close()).catch(() => undefined);
    },
  };
}
