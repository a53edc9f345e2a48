import { expect } from "vitest";
import type { DeliveredEvent } from "#domain/live.ts";
import { createLiveClient } from "#web/live-client/live-client.ts";
import type { FaultClient } from "./client.ts";

/** Follows a conversation from its beginning as a page does that comes back sooner than pages do. */
export function watchConversation({ url, headers }: Pick<FaultClient, "url" | "headers">, id: string) {
  const client = createLiveClient({
    url,
    socket: { extraHeaders: headers },
    firstDelayMs: 200,
    longestDelayMs: 1_000,
    slowDelayMs: 1_000,
  });
  const seen: DeliveredEvent[] = [];
  const breaks: string[] = [];
  const watch = client.watch(`conversation:${id}`, 0, {
    onEvent: (event) => void seen.push(event),
    onGap: () => void breaks.push("gap"),
    onGone: () => void breaks.push("gone"),
  });
  const ofType = (type: string) => seen.filter((event) => event.type === type);
  return {
    seen,
    ofType,
    status: () => client.status().state,
    /** Waits for the run's end, and looks whether every event came once and in order. */
    async expectWhole(timeout = 240_000) {
      await expect.poll(() => ofType("run.completed").length, { timeout, interval: 100 }).toBe(1);
      expect(breaks).toEqual([]);
      expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, at) => at + 1));
    },
    [Symbol.dispose]() {
      watch.stop();
      client.close();
    },
  };
}
