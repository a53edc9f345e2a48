import type { Pool } from "pg";

type Queries = Pick<Pool, "query">;

export const botWindows = ["1h", "1d"] as const;
export const botOutcomes = ["completed", "failed", "cancelled"] as const;
export const botStatuses = ["pending", "starting", "active", "processing"] as const;

/** How bots and calendars fare, read from their rows, so that it outlives every process. Counts of zero are absent. */
export async function botMetrics(database: Queries) {
  const open = await database.query<{ status: string; count: number; overdue: number }>(
    `SELECT run.status, count(*)::int AS count,
            count(*) FILTER (WHERE bot_id IS NULL AND join_at < now() - interval '1 minute')::int AS overdue
     FROM recorder JOIN run ON run.id = recorder.run_id
     WHERE run.kind = 'recorder' AND run.status IN ('pending', 'starting', 'active', 'processing') GROUP BY 1`,
  );
  const finished = await database.query<{ window: string; outcome: string; count: number }>(
    `SELECT w.name AS window, status AS outcome, count(*)::int AS count
     FROM run JOIN (VALUES ('1h', interval '1 hour'), ('1d', interval '1 day')) AS w (name, span)
       ON finished_at > now() - w.span
     WHERE kind = 'recorder' AND finished_at > now() - interval '1 day' GROUP BY 1, 2`,
  );
  const joined = await database.query<{ seconds: number }>(
    `SELECT greatest(0, extract(epoch FROM joined_at - join_at))::float8 AS seconds FROM recorder
     WHERE joined_at > now() - interval '1 hour' LIMIT 20000`,
  );
  const calendars = await database.query<{ failing: number; fine: number }>(
    `SELECT count(*) FILTER (WHERE failing_since IS NOT NULL)::int AS failing,
            count(*) FILTER (WHERE failing_since IS NULL)::int AS fine FROM calendar`,
  );
  return {
    open: Object.fromEntries(open.rows.map(({ status, count }) => [status, count])),
    overdue: open.rows.reduce((sum, row) => sum + row.overdue, 0),
    finished: finished.rows,
    joinSeconds: joined.rows.map(({ seconds }) => seconds),
    calendars: calendars.rows[0] ?? { failing: 0, fine: 0 },
  };
}
