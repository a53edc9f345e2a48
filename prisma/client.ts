import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { runEndings } from "./before-commit.ts";
import { limitQueries } from "./query-deadline.ts";
import { PrismaClient } from "./generated/client.ts";

export type Prisma = PrismaClient;

export type Database = {
  prisma: PrismaClient;
  pool: Pool;
  close(): Promise<void>;
};

/**
 * Prisma and the pool beneath it, on one set of connections. `onError` hears of connections lost while idle or
 * checked out; without a listener on every client a killed Postgres would end the whole process.
 */
export function createPrisma({
  url,
  maxConnections = 10,
  queryDeadlineMs = 60_000,
  onError = () => {},
}: {
  url: string;
  maxConnections?: number;
  /** Longest that one statement may take, the wait for locks included; syncs of large calendars take their time. */
  queryDeadlineMs?: number;
  onError?: (error: Error) => void;
}): Database {
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    // A half-open connection must not hang a query for ever.
    keepAlive: true,
  });
  limitQueries(pool, queryDeadlineMs);
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { onConnectionError: onError }),
    // Waiting for a connection on a busy machine is no reason to fail; the defaults are 2 and 5 seconds.
    transactionOptions: { maxWait: 10_000, timeout: 20_000 },
  });
  runEndings(prisma);
  return {
    prisma,
    pool,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}
