import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Logger } from "pino";
import { newId } from "#records/ids.ts";
import { lockHolder } from "#records/meetings/practice-rooms.ts";

/** What a process holds rooms by: others see that it lives, and that it has gone in the moment that it has. */
export interface Presence {
  /** Of this process and no other, also of none that ran here before. */
  id: string;
  /** Without being seen a process opens no room: it would be taken for a dead one's. */
  isSeen: () => boolean;
  /** Shows this process under its address, for as long as it lives; rejects where another has that address. */
  begin: (address: string) => Promise<void>;
  close: () => Promise<void>;
}

interface PresenceOptions {
  databaseUrl: string;
  log: Logger;
  /** How long another process may be in the way at first: one that was killed is gone a moment later. */
  patienceMs?: number | undefined;
}

const firstWaitMs = 100;
const longestWaitMs = 2_000;
const heartbeatMs = 15_000;

// A killed process's connection ends by itself; that of a machine without power is found out in these five seconds.
const keepalives = "SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2";

/**
 * Two locks of Postgres, of the process and of its address, on a connection of their own. Postgres gives them up when
 * that connection ends, so nobody waits for a lease to know of a death.
 */
export function createPresence({ databaseUrl, log, patienceMs = 2_000 }: PresenceOptions): Presence {
  const id = newId();
  const closing = new AbortController();
  const { signal } = closing;
  let isSeen = false;
  let kept: Promise<void> | undefined;

  /** Holds both locks until the connection ends; false: another process has one. */
  async function hold(address: string, onSeen: () => void): Promise<boolean> {
    const client = new Client({
      connectionString: databaseUrl,
      application_name: "convene presence",
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    const end = () => void client.end().catch(() => undefined);
    const ended = new Promise<void>((resolve) => {
      client.on("error", () => resolve());
      client.on("end", () => resolve());
    });
    signal.addEventListener("abort", end, { once: true });
    try {
      // What is told to end while it connects never says that it has not: only its end does.
      const isConnected = client.connect().then(() => true);
      if (!(await Promise.race([isConnected, ended.then(() => false)]))) return true;
      // A connection without TCP knows none of them, and needs none.
      await client.query(keepalives).catch(() => undefined);
      if (!(await lockHolder(client, { id, address }))) return false;
      isSeen = true;
      onSeen();
      const heartbeat = setInterval(() => void client.query("SELECT 1").catch(end), heartbeatMs);
      await ended;
      clearInterval(heartbeat);
      return true;
    } finally {
      signal.removeEventListener("abort", end);
      isSeen = false;
      end();
    }
  }

  async function keep(address: string, { onSeen, onTaken }: { onSeen: () => void; onTaken: (error: Error) => void }) {
    const deadline = Date.now() + patienceMs;
    let wasSeen = false;
    let waitMs = firstWaitMs;
    const seen = () => {
      wasSeen = true;
      waitMs = firstWaitMs;
      onSeen();
    };
    while (!signal.aborted) {
      const mine = await hold(address, seen).catch(() => true);
      if (signal.aborted) return;
      if (mine) log.warn({ waitMs }, "no connection that practice rooms are held by; connecting again");
      else if (wasSeen) log.error(inUse(address));
      else if (Date.now() > deadline) return onTaken(new Error(inUse(address)));
      await sleep(waitMs, null, { signal }).catch(() => undefined);
      waitMs = wasSeen || mine ? Math.min(waitMs * 2, longestWaitMs) : firstWaitMs;
    }
  }

  return {
    id,
    isSeen: () => isSeen,
    begin: (address) =>
      new Promise((onSeen, onTaken) => {
        kept = keep(address, { onSeen, onTaken });
      }),
    async close() {
      closing.abort();
      await kept;
    },
  };
}

const inUse = (address: string) =>
  `INTERNAL_URL: another web process that runs now has the address ${address}; each process needs its own`;
