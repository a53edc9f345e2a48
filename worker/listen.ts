import type { Logger } from "pino";
import type { Pool } from "pg";
import { timing } from "#domain/timing.ts";

interface Listening {
  pool: Pool;
  log: Logger;
  /** The Postgres channel. */
  channel: string;
  onNotice(payload: string): void;
  stopping: AbortSignal;
}

/**
 * Listens on a connection of its own until stopped, again whenever it was lost. Notices only make things quicker: who
 * listens must find out by itself what was said meanwhile.
 */
export async function listen({ pool, log, channel, onNotice, stopping }: Listening): Promise<void> {
  while (!stopping.aborted) {
    try {
      const client = await pool.connect();
      try {
        client.on("notification", ({ payload }) => onNotice(payload ?? ""));
        await client.query(`LISTEN ${channel}`);
        await new Promise<void>((resolve) => {
          client.once("error", () => resolve());
          client.once("end", () => resolve());
          if (stopping.aborted) resolve();
          stopping.addEventListener("abort", () => resolve(), { once: true });
        });
      } finally {
        client.release(true);
      }
    } catch (error) {
      log.warn({ err: error, channel }, "notices are away");
    }
    if (!stopping.aborted) await new Promise((resolve) => setTimeout(resolve, timing.queuePollMs));
  }
}
