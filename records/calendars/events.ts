import { describeDecision } from "#domain/calendar/describe-decision.ts";
import type { DecisionReason } from "#domain/calendar/decision.ts";
import type { Attendee, Platform } from "#domain/calendar/event.ts";
import type { BotState } from "#domain/bot.ts";
import type { Override } from "#domain/calendar/preferences.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "../db.ts";
import { botStatusWord } from "../bot-visits/views.ts";
import { overrideOf, readOverrides } from "./overrides.ts";
import type { EventOverrides } from "./overrides.ts";

export interface EventView {
  id: string;
  calendarId: string;
  calendarName: string;
  title: string;
  start: Date;
  end: Date;
  allDay: boolean;
  timeZone: string | null;
  meetingUrl: string | null;
  platform: Platform | null;
  /** Whether it is one of a series. */
  recurring: boolean;
  cancelled: boolean;
  tentative: boolean;
  decision: { join: boolean; reason: DecisionReason; message: string; decidedAt: Date };
  /** What holds of what the person said. */
  override: Override;
  said: EventOverrides;
  /** Where its bot stands, or whether one is to come; null: there is none. */
  status: "scheduled" | "deployed" | "joining" | "in_call" | "failed" | "done" | null;
  recorderId: string | null;
  /** The run that makes its bot's visit, and why it failed. */
  visit: { runId: string; problem: string | null } | null;
}

export interface EventDetail extends EventView {
  description: string;
  location: string;
  organizer: string | null;
  attendees: Attendee[];
}

export interface EventsQuery {
  from?: Date | undefined;
  to?: Date | undefined;
  calendarId?: string | undefined;
  /** Id of the last event of the page before. */
  cursor?: string | null | undefined;
  limit?: number;
}

/** A person's events that touch a stretch of time, by their start. */
export async function eventsOf(
  db: Db,
  userId: string,
  { from, to, calendarId, cursor = null, limit = 100 }: EventsQuery,
): Promise<{ items: EventView[]; nextCursor: string | null }> {
  const rows = await db.calendarEvent.findMany({
    where: {
      ownerId: userId,
      removedAt: null,
      ...(from === undefined ? {} : { endsAt: { gt: from } }),
      ...(to === undefined ? {} : { startsAt: { lt: to } }),
      ...(calendarId === undefined ? {} : { calendarId }),
      ...(await afterCursor(db, userId, cursor)),
    },
    include: shown,
    orderBy: [{ startsAt: "asc" }, { id: "asc" }],
    take: limit + 1,
  });
  const said = await readOverrides(db, userId);
  const items = rows.slice(0, limit).map((row) => viewOf(row, said(row)));
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export async function eventOf(db: Db, userId: string, id: string): Promise<EventDetail | null> {
  const row = await db.calendarEvent.findFirst({ where: { id, ownerId: userId, removedAt: null }, include: shown });
  if (row === null) return null;
  const said = await readOverrides(db, userId);
  return {
    ...viewOf(row, said(row)),
    description: row.description,
    location: row.location,
    organizer: row.organizer,
    attendees: row.attendees as unknown as Attendee[],
  };
}

// An event that moved or went meanwhile still marks a place in the order; one that never was marks none.
async function afterCursor(db: Db, userId: string, cursor: string | null): Promise<Prisma.CalendarEventWhereInput> {
  if (cursor === null) return {};
  const last = await db.calendarEvent.findFirst({ where: { id: cursor, ownerId: userId }, select: { startsAt: true } });
  if (last === null) return { id: { in: [] } };
  return { OR: [{ startsAt: { gt: last.startsAt } }, { startsAt: last.startsAt, id: { gt: cursor } }] };
}

const shown = {
  calendar: { select: { name: true, timeZone: true } },
  // The visit of where it stands now, not of where it was moved from.
  watches: {
    include: {
      recorder: {
        select: {
          id: true,
          startsAt: true,
          endsAt: true,
          botState: true,
          run: { select: { id: true, status: true, errorMessage: true } },
        },
      },
    },
    orderBy: { createdAt: "desc" },
  },
} satisfies Prisma.CalendarEventInclude;
type Row = Prisma.CalendarEventGetPayload<{ include: typeof shown }>;

function viewOf(row: Row, said: EventOverrides): EventView {
  const decision = { join: row.join, reason: row.reason as DecisionReason, detail: row.reasonDetail };
  return {
    id: row.id,
    calendarId: row.calendarId,
    calendarName: row.calendar.name,
    title: row.title,
    start: row.startsAt,
    end: row.endsAt,
    allDay: row.isAllDay,
    // Days are said without a zone: they are those of the calendar's.
    timeZone: row.timeZone ?? (row.isAllDay ? row.calendar.timeZone : null),
    meetingUrl: row.meetingUrl,
    platform: row.platform as Platform | null,
    recurring: row.originalStart !== "",
    cancelled: row.isCancelled,
    tentative: row.isTentative,
    decision: {
      join: row.join,
      reason: decision.reason,
      message: describeDecision(decision),
      decidedAt: row.decidedAt,
    },
    override: overrideOf(said),
    said,
    ...visitOf(row),
  };
}

function visitOf({ watches, startsAt }: Row): Pick<EventView, "status" | "recorderId" | "visit"> {
  const recorder = watches
    .map((watch) => watch.recorder)
    .filter(({ run }) => run.status !== "cancelled")
    // One that was sent by hand has a time of its own.
    .find((each) => each.endsAt === null || each.startsAt.getTime() === startsAt.getTime());
  if (recorder === undefined) return { status: null, recorderId: null, visit: null };
  const { id: recorderId, botState, run } = recorder;
  const of = { recorderId, visit: { runId: run.id, problem: run.errorMessage } };
  if (run.status === "failed") return { status: "failed", ...of };
  if (run.status === "completed" || run.status === "processing") return { status: "done", ...of };
  return { status: botState === null ? "scheduled" : botStatusWord(botState as BotState), ...of };
}
