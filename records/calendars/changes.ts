import type { AutoJoinPolicy } from "#domain/calendar/policy.ts";
import type { AutoJoinPreferences, Override } from "#domain/calendar/preferences.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import type { Sealer } from "../seal.ts";
import { updateCalendar } from "./calendars.ts";
import type { CalendarDraft } from "./calendars.ts";
import { decideEvents, lockRules } from "./decide.ts";
import { reviewVisits } from "../bot-visits/cancel-unwanted.ts";
import { calendarChanged } from "./change-events.ts";
import { readOverrides, setOverride } from "./overrides.ts";
import type { OverrideScope } from "./overrides.ts";
import { preferencesOf, savePreferences } from "./preferences.ts";

/*
 * What a person changes takes effect on every event that is not over, in the transaction of the change: there is no
 * moment in which a rule is stored and an event still stands decided by the rule before. Bots that wait or were sent
 * are told after it, by no lock that a bot's news could be waiting for.
 */

const transactionMs = { timeout: 30_000, maxWait: 10_000 };

/** Changes some of a person's rules. `changed`: how many events are decided otherwise by it. */
export async function changePreferences(
  prisma: PrismaClient,
  userId: string,
  change: Partial<AutoJoinPreferences>,
  policy: AutoJoinPolicy,
): Promise<{ preferences: AutoJoinPreferences; changed: number }> {
  const done = await prisma.$transaction(async (tx) => {
    await lockRules(tx, userId);
    const preferences = { ...(await preferencesOf(tx, userId)), ...change };
    await savePreferences(tx, userId, preferences);
    const changed = await decideEvents(tx, { ownerId: userId, cause: "preferences", policy });
    await tellOwner(tx, userId);
    return { preferences, changed };
  }, transactionMs);
  await tellBots(prisma, userId, policy);
  return done;
}

/**
 * Keeps what a person says about one event, or about its series; `before` is what they had said in this scope. Null: no
 * such event of theirs.
 */
export async function overrideEvent(
  prisma: PrismaClient,
  userId: string,
  { eventId, scope, value }: { eventId: string; scope: OverrideScope; value: Override },
  policy: AutoJoinPolicy,
): Promise<{ changed: number; before: Override } | null> {
  const done = await prisma.$transaction(async (tx) => {
    await lockRules(tx, userId);
    const event = await tx.calendarEvent.findFirst({ where: { id: eventId, ownerId: userId, removedAt: null } });
    if (event === null) return null;
    const before = (await readOverrides(tx, userId))(event)[scope];
    await setOverride(tx, event, scope, value);
    const { calendarId } = event;
    const changed = await decideEvents(tx, { ownerId: userId, calendarId, cause: "override", policy });
    await tellOwner(tx, userId, calendarId);
    return { changed, before };
  }, transactionMs);
  await tellBots(prisma, userId, policy);
  return done;
}

/** Changes a calendar. False: no such calendar of theirs, or not of a kind that has what was changed. */
export async function changeCalendar(
  { prisma, sealer }: { prisma: PrismaClient; sealer: Sealer },
  userId: string,
  id: string,
  change: Partial<Omit<CalendarDraft, "kind">> & { included?: boolean },
  policy: AutoJoinPolicy,
): Promise<boolean> {
  const done = await prisma.$transaction(async (tx) => {
    await lockRules(tx, userId);
    if (!(await updateCalendar({ tx, sealer }, userId, id, change))) return false;
    await decideEvents(tx, { ownerId: userId, calendarId: id, cause: "calendar", policy });
    await tellOwner(tx, userId, id);
    return true;
  }, transactionMs);
  await tellBots(prisma, userId, policy);
  return done;
}

// The change is kept whatever becomes of this; a pass of auto-join makes up for it.
const tellBots = (prisma: PrismaClient, userId: string, { botProvider }: AutoJoinPolicy) =>
  reviewVisits(prisma, userId, botProvider).catch(() => undefined);

const tellOwner = (tx: Tx, userId: string, calendarId: string | null = null) =>
  announce(tx, [calendarChanged(userId, calendarId)]);
