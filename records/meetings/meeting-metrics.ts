import type { Pool } from "pg";
import type { GapReason } from "#domain/transcript-gap.ts";

type Queries = Pick<Pool, "query">;

/** The spans of time that metrics look back over. */
export const windows = ["1h", "1d"] as const;
type Window = (typeof windows)[number];
/** `not_heard`: failed, since nobody was there to hear the call. */
export const outcomes = ["completed", "failed", "not_heard", "cancelled"] as const;
export const openStatuses = ["pending", "starting", "active", "processing"] as const;
export const agentStates = ["away", "joining", "present", "reconnecting", "failed", "left"] as const;
/** `connected`: meetings that an agent joined; `reconnect`: links lost and tried again; `rollover`: renewed by age. */
export const linkKinds = ["connected", "reconnect", "rollover", "failed"] as const;

const windowRows = `(VALUES ('1h', interval '1 hour'), ('1d', interval '1 day')) AS w (name, span)`;

// When the call was over, by whichever of its ends was told first; an end before the newest start ended another session.
const callEnd = `LEAST(
  CASE WHEN m.left_at >= m.last_started_at THEN m.left_at END,
  CASE WHEN m.ended_at >= m.last_started_at THEN m.ended_at END,
  m.cut_off_at)`;

interface Outcome {
  window: Window;
  outcome: (typeof outcomes)[number];
  count: number;
  /** Of these, how many took place without a word being stored. */
  wordless: number;
}

/** What became of the meetings that ended lately. */
async function outcomesOf(database: Queries): Promise<Outcome[]> {
  const { rows } = await database.query<Outcome>(
    `SELECT w.name AS window, CASE WHEN r.error_code = 'not_heard' THEN r.error_code ELSE r.status END AS outcome, count(*)::int AS count,
            count(*) FILTER (WHERE m.started_at IS NOT NULL AND c.next_sequence = 1)::int AS wordless
     FROM run r JOIN meeting m ON m.id = r.conversation_id JOIN conversation c ON c.id = m.id
     JOIN ${windowRows} ON r.finished_at > now() - w.span
     WHERE r.kind = 'meeting' AND r.finished_at > now() - interval '1 day'
     GROUP BY 1, 2`,
  );
  return rows;
}

/** Seconds from the call's end to the start of processing and to the result, over the last hour. */
async function secondsOf(database: Queries): Promise<{ toStart: number[]; toResult: number[] }> {
  const { rows } = await database.query<{ to_start: number | null; to_result: number | null }>(
    `SELECT CASE WHEN m.processing_started_at > now() - interval '1 hour'
                 THEN extract(epoch FROM m.processing_started_at - ${callEnd})::float8 END AS to_start,
            -- A person's retry may come days later, which says nothing of how quick the machine is.
            CASE WHEN r.status = 'completed' AND r.attempt = 1 AND r.finished_at > now() - interval '1 hour'
                 THEN extract(epoch FROM r.finished_at - ${callEnd})::float8 END AS to_result
     FROM run r JOIN meeting m ON m.id = r.conversation_id
     WHERE r.kind = 'meeting'
       AND (r.finished_at > now() - interval '1 hour' OR r.status = 'processing')
     LIMIT 20000`,
  );
  // The provider's clock may be ahead of ours.
  const known = (values: (number | null)[]) => values.flatMap((value) => (value === null ? [] : [Math.max(0, value)]));
  return { toStart: known(rows.map((row) => row.to_start)), toResult: known(rows.map((row) => row.to_result)) };
}

type Links = { window: Window } & Record<(typeof linkKinds)[number], number>;

/**
 * Agents' links of the meetings that began lately. Every link raises the meeting's generation; those that its age
 * explains are roll-overs, the others were lost.
 */
async function linksOf(database: Queries, linkLimitMs: number): Promise<Links[]> {
  const { rows } = await database.query<Links>(
    `SELECT w.name AS window,
            count(*) FILTER (WHERE m.agent_generation > 0)::int AS connected,
            count(*) FILTER (WHERE m.agent_state = 'failed')::int AS failed,
            coalesce(sum(LEAST(relinks, by_age)), 0)::int AS rollover,
            coalesce(sum(GREATEST(relinks - by_age, 0)), 0)::int AS reconnect
     FROM meeting m JOIN ${windowRows} ON m.started_at > now() - w.span,
          LATERAL (SELECT GREATEST(m.agent_generation - 1, 0) AS relinks,
                          floor(extract(epoch FROM coalesce(${callEnd}, now()) - m.started_at) * 1000 / $1)::int AS by_age) AS l
     WHERE m.started_at > now() - interval '1 day'
     GROUP BY 1`,
    [linkLimitMs],
  );
  return rows;
}

interface GapsOfWindow {
  window: Window;
  reason: GapReason;
  count: number;
  seconds: number;
}

/** Stretches of calls that the agent did not hear, by why; those that are too short to be shown count as well. */
async function gapsOf(database: Queries): Promise<GapsOfWindow[]> {
  const { rows } = await database.query<GapsOfWindow>(
    `SELECT w.name AS window, a.reason, count(*)::int AS count,
            sum(extract(epoch FROM coalesce(a.ended_at, now()) - a.started_at))::float8 AS seconds
     FROM call_absence a JOIN ${windowRows} ON a.started_at > now() - w.span
     WHERE a.started_at > now() - interval '1 day'
     GROUP BY 1, 2`,
  );
  return rows;
}

const countsBy = async (database: Queries, sql: string): Promise<Record<string, number>> => {
  const { rows } = await database.query<{ name: string; count: number }>(sql);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
};

export type MeetingMetrics = Awaited<ReturnType<typeof meetingMetrics>>;

/** How meetings fare, read from their rows, so that it outlives every process. All counts that are zero are absent. */
export async function meetingMetrics(database: Queries, { linkLimitMs }: { linkLimitMs: number }) {
  const open = await countsBy(
    database,
    `SELECT status AS name, count(*)::int AS count FROM run
     WHERE kind = 'meeting' AND status IN ('pending', 'starting', 'active', 'processing') GROUP BY 1`,
  );
  const agents = await countsBy(
    database,
    `SELECT m.agent_state AS name, count(*)::int AS count FROM run r JOIN meeting m ON m.id = r.conversation_id
     WHERE r.kind = 'meeting' AND r.status IN ('starting', 'active') GROUP BY 1`,
  );
  const { rows } = await database.query<{ segments: number }>(
    `SELECT coalesce(sum(next_sequence - 1), 0)::float8 AS segments FROM conversation WHERE kind = 'meeting'`,
  );
  return {
    open,
    agents,
    segments: rows[0]?.segments ?? 0,
    finished: await outcomesOf(database),
    seconds: await secondsOf(database),
    links: await linksOf(database, linkLimitMs),
    absences: await gapsOf(database),
  };
}
