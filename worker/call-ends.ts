import type { Logger } from "pino";
import type { Pool } from "pg";
import type { CallEnds } from "#activities/agent-link.ts";
import { callEndsChannel } from "#records/meetings/call-ends.ts";
import { listen } from "./listen.ts";

/**
 * Hears in this process that calls are over. One connection serves all calls whose agents are here; with none it is
 * given back.
 */
export function createCallEnds({ pool, log }: { pool: Pool; log: Logger }): CallEnds {
  const waiting = new Map<string, Set<() => void>>();
  let listening: AbortController | null = null;

  const onNotice = (meetingId: string) => waiting.get(meetingId)?.forEach((resolve) => resolve());
  return {
    wait(meetingId, signal) {
      return new Promise((resolve) => {
        if (signal.aborted) return;
        const those = waiting.get(meetingId) ?? new Set();
        waiting.set(meetingId, those.add(resolve));
        if (listening === null) {
          listening = new AbortController();
          void listen({ pool, log, channel: callEndsChannel, onNotice, stopping: listening.signal });
        }
        const forget = () => {
          those.delete(resolve);
          if (those.size === 0) waiting.delete(meetingId);
          if (waiting.size > 0) return;
          listening?.abort();
          listening = null;
        };
        signal.addEventListener("abort", forget, { once: true });
      });
    },
  };
}
