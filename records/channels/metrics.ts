import type { Pool } from "pg";
import { jobStageOf, jobStages, jobStatusOf } from "#domain/channels/job.ts";
import type { SourceKind } from "#domain/channels/source.ts";

type Queries = Pick<Pool, "query">;

export const jobWindows = ["1h", "1d"] as const;
export const jobOutcomes = ["completed", "failed", "cancelled"] as const;
/** What comes from a network, and is looked at again and again. */
export const readSources = ["feed", "youtube"] as const satisfies readonly SourceKind[];
/** Where a job that is not over may be. */
export const openStages = jobStages.filter((stage) => stage !== "completed" && stage !== "failed");

const dayMs = 86_400_000;

/**
 * How channels and their jobs fare, read from their rows, so that it outlives every process. Of no single channel is
 * told anything, since there may be tens of thousands. Counts of zero are absent.
 */
export async function channelMetrics(database: Queries) {
  const open = await database.query<{ status: string; stage: string; percent: number; count: number }>(
    `SELECT status, stage, sign(percent)::int AS percent, count(*)::int AS count FROM run
     WHERE kind = 'video' AND status IN ('pending', 'starting', 'active', 'processing') GROUP BY 1, 2, 3`,
  );
  const finished = await database.query<{ window: string; outcome: string; count: number }>(
    `SELECT w.name AS window, status AS outcome, count(*)::int AS count
     FROM run JOIN (VALUES ('1h', interval '1 hour'), ('1d', interval '1 day')) AS w (name, span)
       ON finished_at > now() - w.span
     WHERE kind = 'video' AND finished_at > now() - interval '1 day' GROUP BY 1, 2`,
  );
  const found = await database.query<{ window: string; source: string; count: number }>(
    // Ids tell the time at which they were made, and have an index.
    `SELECT w.name AS window, channel.source, count(*)::int AS count
     FROM video JOIN channel ON channel.id = video.channel_id
     JOIN (VALUES ('1h', interval '1 hour'), ('1d', interval '1 day')) AS w (name, span)
       ON video.created_at > now() - w.span
     WHERE video.id > $1::uuid GROUP BY 1, 2`,
    [oldestId(Date.now() - dayMs - 60_000)],
  );
  const channels = await database.query<{ source: string; failing: number; fine: number; paused: number; age: number }>(
    `SELECT source, count(*) FILTER (WHERE paused_at IS NOT NULL)::int AS paused,
            count(*) FILTER (WHERE paused_at IS NULL AND failing_since IS NOT NULL)::int AS failing,
            count(*) FILTER (WHERE paused_at IS NULL AND failing_since IS NULL)::int AS fine,
            coalesce(extract(epoch FROM now() - coalesce(max(checked_at) FILTER (WHERE paused_at IS NULL),
              min(created_at) FILTER (WHERE paused_at IS NULL))), 0)::float8 AS age
     FROM channel WHERE source <> 'upload' GROUP BY 1`,
  );
  const problems = await database.query<{ problem: string; count: number }>(
    "SELECT problem, count(*)::int AS count FROM channel WHERE problem IS NOT NULL AND paused_at IS NULL GROUP BY 1",
  );
  const closed = await database.query<{ source: string; seconds: number; times: number }>(
    `SELECT source, blocks AS times,
            greatest(0, coalesce(extract(epoch FROM blocked_until - now()), 0))::float8 AS seconds FROM source_gate`,
  );
  return {
    open: open.rows.map(({ count, ...run }) => ({
      state: jobStatusOf(run.status),
      stage: jobStageOf(run).stage,
      count,
    })),
    finished: finished.rows,
    found: found.rows,
    channels: channels.rows,
    problems: problems.rows,
    closed: closed.rows,
  };
}
export type ChannelMetrics = Awaited<ReturnType<typeof channelMetrics>>;

/** The least id that can have been made at a time, as UUIDv7 has it. */
function oldestId(at: number): string {
  const hex = at.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
