/** Waits; a test may give one that is quicker than life. */
export type Wait = (ms: number) => Promise<void>;
export type Log = (line: string, error?: unknown) => void;

export const delay: Wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The reference design's retry helper: every error is retried alike, an attempt has no time limit, the waits have no
 * jitter and no ceiling, and of the last error only the message is left. (Its `lastError` is read without having been
 * assigned for certain, which a strict compiler refuses; hence the `?.`.)
 */
export function createRetry({ log, wait }: { log: Log; wait: Wait }) {
  return async function withRetry<T>(fn: () => Promise<T>, maxRetries = 3, delayMs = 1000): Promise<T> {
    let lastError: Error | undefined;
    for (let i = 0; i <= maxRetries; i += 1) {
      try {
        return await fn();
      } catch (error) {
        lastError = error as Error;
        log(`[Retry] Attempt ${i + 1}/${maxRetries + 1} failed`, error);
        if (i < maxRetries) await wait(delayMs * 2 ** i);
      }
    }
    throw new Error(`Failed after ${maxRetries + 1} attempts: ${lastError?.message}`);
  };
}
export type WithRetry = ReturnType<typeof createRetry>;
