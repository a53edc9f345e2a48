import { describeDecision } from "#domain/calendar/describe-decision.ts";
import type { DecisionReason } from "#domain/calendar/decision.ts";
import type { Db } from "../db.ts";
import type { DecisionCause } from "./decide.ts";

export interface LogView {
  id: string;
  /** Null where the event is gone. */
  eventId: string | null;
  calendarId: string;
  title: string;
  start: Date;
  join: boolean;
  reason: DecisionReason;
  message: string;
  cause: DecisionCause;
  at: Date;
}

/** What was decided about a person's events, the newest first. */
export async function autoJoinLogsOf(
  db: Db,
  userId: string,
  { cursor = null, limit = 50, eventId }: { cursor?: string | null; limit?: number; eventId?: string | undefined } = {},
): Promise<{ items: LogView[]; nextCursor: string | null }> {
  const rows = await db.autoJoinLog.findMany({
    where: {
      ownerId: userId,
      ...(eventId === undefined ? {} : { eventId }),
      ...(cursor === null ? {} : { id: { lt: cursor } }),
    },
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(({ ownerId: _owner, startsAt, detail, ...row }) => {
    const reason = row.reason as DecisionReason;
    const message = describeDecision({ join: row.join, reason, detail });
    return { ...row, start: startsAt, reason, message, cause: row.cause as DecisionCause };
  });
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
