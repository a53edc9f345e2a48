import type { BotProviderId } from "#domain/bot.ts";
import type { Decision } from "#domain/calendar/decision.ts";
import type { Attendee, Platform } from "#domain/calendar/event.ts";
import type { AutoJoinPolicy } from "#domain/calendar/policy.ts";
import { isSwitchedOnFor } from "#domain/calendar/policy.ts";
import type { AutoJoinPreferences } from "#domain/calendar/preferences.ts";
import { shouldAutoJoin } from "#domain/calendar/should-auto-join.ts";
import type { CalendarEvent } from "#prisma/generated/client.ts";
import type { Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { overrideOf, readOverrides } from "./overrides.ts";
import type { EventOverrides } from "./overrides.ts";
import { preferencesOf } from "./preferences.ts";

/** What made events be decided anew. */
export type DecisionCause = "sync" | "preferences" | "override" | "calendar";

interface Asked {
  ownerId: string;
  cause: DecisionCause;
  policy: AutoJoinPolicy;
  /** Only this calendar's events; all of the person's where left out. */
  calendarId?: string;
}

const batchSize = 500;

/** To be called before rules or events are changed: two changes at once would each decide by half of the rules. */
export async function lockRules(tx: Tx, ownerId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "user" WHERE id = ${ownerId}::uuid FOR UPDATE`;
}

/**
 * Decides anew about every event that is not over, and keeps each decision that changed, with its reason, in the log
 * too. What is over keeps the decision it had, or gets its first. Gives back how many changed.
 */
export async function decideEvents(tx: Tx, { ownerId, cause, policy, calendarId }: Asked): Promise<number> {
  const rules = await rulesOf(tx, ownerId, policy);
  let changed = 0;
  for (let after = ""; ;) {
    const rows = await tx.calendarEvent.findMany({
      where: {
        ownerId,
        OR: [{ endsAt: { gt: rules.now } }, { reason: "" }],
        removedAt: null,
        ...(calendarId === undefined ? {} : { calendarId }),
        ...(after === "" ? {} : { id: { gt: after } }),
      },
      orderBy: { id: "asc" },
      take: batchSize,
    });
    const news = rows.flatMap((row) => {
      const decision = decide(row, rules);
      return isSame(row, decision) ? [] : [{ row, decision }];
    });
    await keep(tx, news, cause);
    changed += news.length;
    if (rows.length < batchSize) return changed;
    after = rows.at(-1)!.id;
  }
}

interface Rules {
  now: Date;
  preferences: AutoJoinPreferences;
  said(event: { calendarId: string; uid: string; originalStart: string }): EventOverrides;
  calendars: Map<string, { included: boolean; addresses: string[] }>;
  switchedOn: boolean;
  inRollout: boolean;
  botProvider: BotProviderId | null;
}

async function rulesOf(tx: Tx, ownerId: string, policy: AutoJoinPolicy): Promise<Rules> {
  const owner = await tx.user.findUniqueOrThrow({ where: { id: ownerId }, select: { email: true } });
  const calendars = await tx.calendar.findMany({
    where: { ownerId },
    select: { id: true, included: true, addresses: true },
  });
  const email = owner.email.toLowerCase();
  return {
    now: new Date(),
    preferences: await preferencesOf(tx, ownerId),
    said: await readOverrides(tx, ownerId),
    calendars: new Map(
      calendars.map(({ id, included, addresses }) => [
        id,
        { included, addresses: [email, ...(addresses as string[])] },
      ]),
    ),
    botProvider: policy.botProvider,
    ...isSwitchedOnFor(policy, { id: ownerId, email }),
  };
}

function decide(row: CalendarEvent, rules: Rules): Decision {
  const calendar = rules.calendars.get(row.calendarId);
  return shouldAutoJoin(occurrenceOf(row), rules.preferences, overrideOf(rules.said(row)), {
    now: rules.now,
    switchedOn: rules.switchedOn,
    inRollout: rules.inRollout,
    botProvider: rules.botProvider,
    calendarIncluded: calendar?.included ?? false,
    addresses: calendar?.addresses ?? [],
  });
}

const occurrenceOf = ({ platform, room, meetingUrl, attendees, ...row }: CalendarEvent) => ({
  ...row,
  attendees: attendees as unknown as Attendee[],
  meeting: meetingUrl === null ? null : { platform: platform as Platform, room: room ?? "", url: meetingUrl },
});

const isSame = (row: CalendarEvent, { join, reason, detail }: Decision) =>
  row.join === join && row.reason === reason && row.reasonDetail === detail;

async function keep(tx: Tx, news: { row: CalendarEvent; decision: Decision }[], cause: DecisionCause): Promise<void> {
  if (news.length === 0) return;
  const entries = JSON.stringify(news.map(({ row: { id }, decision }) => ({ id, ...decision })));
  await tx.$executeRaw`
    UPDATE calendar_event AS event
    SET "join" = e."join", reason = e.reason, reason_detail = e.detail, decided_at = now(), updated_at = now()
    FROM jsonb_to_recordset(${entries}::jsonb) AS e(id uuid, "join" boolean, reason text, detail text)
    WHERE event.id = e.id`;
  // An event that comes in while nothing is recorded anyway, or when it is over, is no news.
  const noNews = new Set(["auto_record_off", "ended"]);
  const worthTelling = news.filter(({ row, decision }) => row.reason !== "" || !noNews.has(decision.reason));
  await tx.autoJoinLog.createMany({
    data: worthTelling.map(({ row, decision }) => ({
      id: newId(),
      ownerId: row.ownerId,
      calendarId: row.calendarId,
      eventId: row.id,
      title: row.title,
      startsAt: row.startsAt,
      cause,
      ...decision,
    })),
  });
}
