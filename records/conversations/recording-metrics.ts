import type { Pool } from "pg";
import type { windows } from "../meetings/meeting-metrics.ts";

type Queries = Pick<Pool, "query">;

export const recordingOutcomes = ["completed", "failed", "cancelled"] as const;
export const openRecordingStatuses = ["pending", "starting", "processing"] as const;

interface Outcome {
  window: (typeof windows)[number];
  outcome: (typeof recordingOutcomes)[number];
  count: number;
}

/** How recordings fare, read from their rows as meetings' metrics are. All counts that are zero are absent. */
export async function recordingMetrics(database: Queries) {
  const open = await database.query<{ status: string; count: number }>(
    `SELECT status, count(*)::int AS count FROM run
     WHERE kind = 'recording' AND status NOT IN ('completed', 'failed', 'cancelled') GROUP BY 1`,
  );
  const waiting = await database.query<{ seconds: number | null }>(
    // One that was made before its sound waits for a person, not for us.
    `SELECT extract(epoch FROM now() - min(r.created_at))::float8 AS seconds
     FROM run r JOIN recording m ON m.id = r.conversation_id
     WHERE r.kind = 'recording' AND r.status = 'pending' AND r.attempt = 1 AND m.size_bytes > 0`,
  );
  const finished = await database.query<Outcome>(
    `SELECT w.name AS window, r.status AS outcome, count(*)::int AS count
     FROM run r JOIN (VALUES ('1h', interval '1 hour'), ('1d', interval '1 day')) AS w (name, span)
       ON r.finished_at > now() - w.span
     WHERE r.kind = 'recording' AND r.finished_at > now() - interval '1 day' GROUP BY 1, 2`,
  );
  // A person's retry may come days later, which says nothing of how quick the machine is.
  const seconds = await database.query<{ waited: number | null; share: number | null }>(
    `SELECT extract(epoch FROM r.finished_at - r.created_at)::float8 AS waited,
            extract(epoch FROM r.finished_at - r.started_at)::float8 * 1000 / nullif(m.duration_ms, 0) AS share
     FROM run r JOIN recording m ON m.id = r.conversation_id
     WHERE r.kind = 'recording' AND r.status = 'completed' AND r.attempt = 1
       AND r.finished_at > now() - interval '1 hour' LIMIT 20000`,
  );
  const known = (values: (number | null)[]) => values.filter((value) => value !== null);
  return {
    open: Object.fromEntries(open.rows.map(({ status, count }) => [status, count])),
    oldestWaitingSeconds: waiting.rows[0]?.seconds ?? 0,
    finished: finished.rows,
    seconds: known(seconds.rows.map(({ waited }) => waited)),
    ofItsLength: known(seconds.rows.map(({ share }) => share)),
  };
}
