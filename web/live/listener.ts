import { Client } from "pg";
import type { Logger } from "pino";
import { liveChannel } from "#records/live/feed.ts";

export interface Listener {
  /** Whether the connection stands now. */
  isListening: () => boolean;
  close: () => Promise<void>;
}

interface ListenerOptions {
  databaseUrl: string;
  log: Logger;
  /** A commit told of events up to `seq` of `topic`. */
  onNews: (topic: string, seq: number) => void;
  /** The connection stands (again): whatever was told meanwhile was not heard. */
  onListening: () => void;
  heartbeatMs?: number;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * A Postgres connection of its own that hears every commit's notice. It reconnects for ever with backoff; a
 * heartbeat finds a connection that died without a word.
 */
export function createListener({
  databaseUrl,
  log,
  onNews,
  onListening,
  heartbeatMs = 15_000,
}: ListenerOptions): Listener {
  let client: Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let listening = false;
  let closed = false;
  let waitMs = FIRST_WAIT_MS;

  async function connect() {
    const next = new Client({
      connectionString: databaseUrl,
      application_name: "convene live",
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    client = next;
    // Both may fire for one loss; only the first counts.
    const lost = (error?: Error) => {
      if (client === next) reconnect(error);
    };
    next.on("error", lost);
    next.on("end", () => lost());
    next.on("notification", ({ payload }) => hear(payload ?? ""));
    try {
      await next.connect();
      await next.query(`LISTEN ${liveChannel}`);
    } catch (error) {
      lost(error as Error);
      return;
    }
    if (closed || client !== next) return;
    listening = true;
    waitMs = FIRST_WAIT_MS;
    onListening();
    timer = setInterval(() => void next.query("SELECT 1").catch(lost), heartbeatMs);
  }

  function hear(payload: string) {
    const space = payload.lastIndexOf(" ");
    const seq = Number(payload.slice(space + 1));
    if (space > 0 && Number.isSafeInteger(seq)) onNews(payload.slice(0, space), seq);
  }

  function reconnect(error?: Error) {
    const dead = client;
    client = null;
    listening = false;
    clearInterval(timer);
    void dead?.end().catch(() => undefined);
    if (closed) return;
    log.warn({ err: error, waitMs }, "live feed lost its database connection; reconnecting");
    timer = setTimeout(() => void connect(), waitMs * (0.5 + Math.random() / 2));
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
  }

  void connect();
  return {
    isListening: () => listening,
    async close() {
      closed = true;
      listening = false;
      clearInterval(timer);
      const last = client;
      client = null;
      await last?.end().catch(() => undefined);
    },
  };
}
