import { setTimeout as wait } from "node:timers/promises";
import type { Convene } from "../convene.ts";

/**
 * Keeps a table from everybody who would change it (`SHARE`) or even read it (`ACCESS EXCLUSIVE`), so that a process
 * can be struck in the midst of a statement.
 */
export async function lockTable(convene: Convene, table: string, mode: "SHARE" | "ACCESS EXCLUSIVE") {
  const client = await convene.database();
  await client.query("BEGIN");
  await client.query(`LOCK TABLE ${table} IN ${mode} MODE`);
  return {
    /** Waits until a statement that looks like this (SQL `LIKE`) waits for the table. */
    async awaited(statement: string): Promise<void> {
      const sql = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1`;
      // By another connection: within a transaction these statistics stand still.
      while ((await convene.rows(sql, [statement])).length === 0) await wait(20);
    },
    release: () => client.end(),
  };
}
