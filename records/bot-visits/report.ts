import type { BotReason } from "#domain/bot.ts";
import { failures, isFailureCode } from "#domain/failure.ts";
import type { Db } from "../db.ts";
import { botReasonMessage } from "./bot.ts";

/** How auto-join and its bots have fared over some days, for whoever runs the server. Shares are 0 to 1; null: of nothing. */
export interface BotReport {
  /** Meetings of connected calendars that are over, each once however many calendars hold it, and those a bot was ordered for. */
  meetings: { all: number; automatic: number };
  people: { all: number; autoJoin: number };
  visits: { recorded: number; failed: number; calledOff: number };
  /** Of visits that calendars ordered: how many ended, and how many of these failed. */
  automatic: { ended: number; failed: number };
  /** Seconds from a meeting's start to its bot being in it; nobody is late who comes before. */
  delay: { mean: number | null; p50: number | null; p95: number | null };
  /** Bots' hours in meetings. */
  providers: { provider: string; visits: number; failed: number; hours: number }[];
  /** What the visits that failed say, the most frequent first. */
  reasons: { reason: string; count: number }[];
  days: BotDay[];
  now: { waiting: number; joining: number; inCall: number; overdue: number };
  calendars: { all: number; failing: number };
}

/** A day of UTC, `2026-11-28`. */
export interface BotDay {
  day: string;
  recorded: number;
  failed: number;
  calledOff: number;
}

export async function botReport(db: Db, days: number): Promise<BotReport> {
  const since = new Date(Date.now() - days * 24 * 60 * 60_000);
  const [meetings, people, visits, providers, reasons, perDay, now, calendars] = await Promise.all([
    meetingsSince(db, since),
    peopleOf(db),
    visitsSince(db, since),
    providersSince(db, since),
    reasonsSince(db, since),
    // A bar or two would be no picture.
    daysSince(db, Math.max(days, 7)),
    visitsNow(db),
    calendarsNow(db),
  ]);
  const { mean, p50, p95, ended, failedAutomatic, ...ends } = visits;
  return {
    meetings,
    people,
    visits: ends,
    automatic: { ended, failed: failedAutomatic },
    delay: { mean, p50, p95 },
    providers,
    reasons,
    days: perDay,
    now,
    calendars,
  };
}

async function meetingsSince(db: Db, since: Date): Promise<BotReport["meetings"]> {
  const [row] = await db.$queryRaw<[BotReport["meetings"]]>`
    SELECT count(*)::int AS all, count(*) FILTER (WHERE is_automatic)::int AS automatic FROM (
      SELECT bool_or(EXISTS (
        SELECT 1 FROM recorder_watch AS watch JOIN recorder ON recorder.id = watch.recorder_id
        WHERE watch.event_id = event.id AND recorder.starts_at = event.starts_at AND recorder.requested_at IS NOT NULL
      )) AS is_automatic
      FROM calendar_event AS event JOIN calendar ON calendar.id = event.calendar_id
      WHERE event.ends_at BETWEEN ${since} AND now() AND event.removed_at IS NULL AND NOT event.is_cancelled
        AND event.meeting_url IS NOT NULL
      GROUP BY calendar.workspace_id, event.platform, event.room, event.starts_at) AS meeting`;
  return row;
}

async function peopleOf(db: Db): Promise<BotReport["people"]> {
  const [row] = await db.$queryRaw<[BotReport["people"]]>`
    SELECT count(*)::int AS all, count(*) FILTER (WHERE rules.auto_record_enabled)::int AS "autoJoin"
    FROM "user" AS person LEFT JOIN auto_join_preference AS rules ON rules.user_id = person.id
    WHERE NOT person.pending`;
  return row;
}

interface Ends extends BotDayCounts {
  ended: number;
  failedAutomatic: number;
  mean: number | null;
  p50: number | null;
  p95: number | null;
}
type BotDayCounts = Omit<BotDay, "day">;

async function visitsSince(db: Db, since: Date): Promise<Ends> {
  const [row] = await db.$queryRaw<[Ends]>`
    SELECT count(*) FILTER (WHERE status = 'completed')::int AS recorded,
           count(*) FILTER (WHERE status = 'failed')::int AS failed,
           count(*) FILTER (WHERE status = 'cancelled')::int AS "calledOff",
           count(*) FILTER (WHERE is_automatic AND status <> 'cancelled')::int AS ended,
           count(*) FILTER (WHERE is_automatic AND status = 'failed')::int AS "failedAutomatic",
           avg(late)::float8 AS mean,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY late)::float8 AS p50,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY late)::float8 AS p95
    FROM (SELECT run.status, ends_at IS NOT NULL AS is_automatic,
                 CASE WHEN ends_at IS NOT NULL AND joined_at IS NOT NULL
                      THEN greatest(0, extract(epoch FROM joined_at - starts_at)) END AS late
          FROM recorder JOIN run ON run.id = recorder.run_id
          WHERE run.finished_at > ${since} AND run.status IN ('completed', 'failed', 'cancelled')) AS visit`;
  return row;
}

const providersSince = (db: Db, since: Date) =>
  db.$queryRaw<BotReport["providers"]>`
    SELECT provider, count(*)::int AS visits, count(*) FILTER (WHERE run.status = 'failed')::int AS failed,
           coalesce(sum(extract(epoch FROM coalesce(left_at, bot_state_at, joined_at) - joined_at)), 0)::float8 / 3600 AS hours
    FROM recorder JOIN run ON run.id = recorder.run_id
    WHERE run.finished_at > ${since} AND provider IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1`;

async function reasonsSince(db: Db, since: Date): Promise<BotReport["reasons"]> {
  const rows = await db.$queryRaw<{ reason: string | null; code: string; count: number }[]>`
    SELECT CASE WHEN run.error_code = 'not_recorded' THEN bot_reason END AS reason, run.error_code AS code,
           count(*)::int AS count
    FROM recorder JOIN run ON run.id = recorder.run_id
    WHERE run.finished_at > ${since} AND run.status = 'failed' AND run.error_code IS NOT NULL
    GROUP BY 1, 2 ORDER BY 3 DESC, 2, 1`;
  return rows.map(({ reason, code, count }) => ({ reason: wordsOf(reason, code), count }));
}

function wordsOf(reason: string | null, code: string): string {
  if (reason !== null) return botReasonMessage(reason as BotReason);
  return isFailureCode(code) ? failures[code].words : code;
}

// Days without a visit are days too.
const daysSince = (db: Db, days: number) =>
  db.$queryRaw<BotDay[]>`
    SELECT to_char(day, 'YYYY-MM-DD') AS day, count(*) FILTER (WHERE status = 'completed')::int AS recorded,
           count(*) FILTER (WHERE status = 'failed')::int AS failed,
           count(*) FILTER (WHERE status = 'cancelled')::int AS "calledOff"
    FROM generate_series(date_trunc('day', now() AT TIME ZONE 'UTC') - (${days}::int - 1) * interval '1 day',
                         date_trunc('day', now() AT TIME ZONE 'UTC'), interval '1 day') AS day
    LEFT JOIN run ON run.kind = 'recorder' AND run.finished_at >= day AT TIME ZONE 'UTC'
                 AND run.finished_at < (day + interval '1 day') AT TIME ZONE 'UTC'
    GROUP BY day ORDER BY day`;

async function visitsNow(db: Db): Promise<BotReport["now"]> {
  const [row] = await db.$queryRaw<[BotReport["now"]]>`
    SELECT count(*) FILTER (WHERE requested_at IS NULL)::int AS waiting,
           count(*) FILTER (WHERE requested_at IS NOT NULL AND run.stage <> 'call')::int AS joining,
           count(*) FILTER (WHERE run.stage = 'call')::int AS "inCall",
           count(*) FILTER (WHERE bot_id IS NULL AND join_at < now() - interval '1 minute')::int AS overdue
    FROM recorder JOIN run ON run.id = recorder.run_id WHERE run.status IN ('pending', 'starting', 'active')`;
  return row;
}

async function calendarsNow(db: Db): Promise<BotReport["calendars"]> {
  const [row] = await db.$queryRaw<[BotReport["calendars"]]>`
    SELECT count(*)::int AS all, count(*) FILTER (WHERE failing_since IS NOT NULL)::int AS failing FROM calendar`;
  return row;
}
