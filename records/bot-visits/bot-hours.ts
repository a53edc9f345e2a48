import type { Db } from "../db.ts";

/** Hours that bots have been in a workspace's meetings since the day began (UTC), those that are there now included. */
export async function botHoursToday(db: Db, workspaceId: string): Promise<number> {
  const [row] = await db.$queryRaw<[{ hours: number }]>`
    SELECT coalesce(sum(extract(epoch FROM out_at - greatest(joined_at, today))), 0)::float8 / 3600 AS hours
    FROM recorder,
      -- A bot that is gone and of whose leaving nobody told was there until it was last heard of.
      LATERAL (SELECT coalesce(left_at, CASE WHEN bot_state IN ('ended', 'failed') THEN bot_state_at END, now()) AS out_at,
                      date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS today) AS stay
    WHERE workspace_id = ${workspaceId}::uuid AND joined_at IS NOT NULL AND out_at > greatest(joined_at, today)`;
  return row.hours;
}
