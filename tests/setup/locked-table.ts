import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";

/**
 * Keeps a table from everybody who would change it (`SHARE`) or even read it (`ACCESS EXCLUSIVE`), so that a process or
 * its line can be struck in the midst of a statement.
 */
export async function lockTable(databaseUrl: string, table: string, mode: "SHARE" | "ACCESS EXCLUSIVE") {
  const connected = async () => {
    const client = new Client({ connectionString: databaseUrl });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
  // Within a transaction its statistics of who waits stand still, so another one looks.
  const [holder, watcher] = await Promise.all([connected(), connected()]);
  await holder.query("BEGIN");
  await holder.query(`LOCK TABLE "${table}" IN ${mode} MODE`);
  return {
    /** Waits until a statement that looks like this (SQL `LIKE`) waits for the table. */
    async awaited(statement = "%"): Promise<void> {
      const sql = `SELECT 1 FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`;
      while ((await watcher.query(sql, [statement])).rows.length === 0) await wait(20);
    },
    async release(): Promise<void> {
      await Promise.all([holder.end(), watcher.end()]);
    },
  };
}
