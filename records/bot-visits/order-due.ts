import { joinablePlatforms } from "#domain/bot-platforms.ts";
import type { BotProviderId } from "#domain/bot.ts";
import type { Platform } from "#domain/calendar/event.ts";
import { inParallel } from "#domain/in-parallel.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { preferencesOf } from "../calendars/preferences.ts";
import type { PrismaClient, Tx } from "../db.ts";
import { lockMeeting } from "./lock.ts";
import { createRecorder } from "./order.ts";

/** How long before it is due a visit is ordered; its workflow waits until then. */
const aheadMs = 10 * 60_000;
const batchSize = 500;
/** Most of a pass takes the database's answers; more lanes would only take connections from others. */
const mostAtOnce = 4;

/**
 * Orders a visit for every event that is to be joined soon, or is under way, and has none; another colleague's event of
 * the same meeting becomes one more that watches it. Only one person's, where `ownerId` is given. Gives back how many
 * were ordered.
 */
export async function orderDueRecorders(
  prisma: PrismaClient,
  {
    provider,
    ownerId = null,
    onError,
  }: { provider: BotProviderId; ownerId?: string | null; onError(error: unknown, eventId: string): void },
): Promise<number> {
  let ordered = 0;
  for (;;) {
    const due = await dueEvents(prisma, joinablePlatforms(provider), ownerId);
    let settled = 0;
    await inParallel(due, mostAtOnce, async ({ id }) => {
      // One that cannot be ordered now is due again in the next pass, and holds up no other.
      const outcome = await prisma.$transaction((tx) => orderFor(tx, id)).catch((error: unknown) => onError(error, id));
      if (outcome === "ordered") ordered += 1;
      if (outcome === "ordered" || outcome === "watched") settled += 1;
    });
    // Those that could not be settled would be the first of the next batch again.
    if (due.length < batchSize || settled === 0) return ordered;
  }
}

const dueEvents = (prisma: PrismaClient, platforms: readonly Platform[], ownerId: string | null) =>
  prisma.$queryRaw<{ id: string }[]>`
    SELECT event.id FROM calendar_event AS event
    LEFT JOIN auto_join_preference AS rules ON rules.user_id = event.owner_id
    WHERE event."join" AND event.removed_at IS NULL AND event.meeting_url IS NOT NULL
      AND event.platform = ANY (${platforms})
      AND (${ownerId}::uuid IS NULL OR event.owner_id = ${ownerId}::uuid)
      AND event.starts_at <= now() + ${aheadMs} * interval '1 millisecond'
                                   + coalesce(rules.join_buffer_minutes, 1) * interval '1 minute'
      -- Whatever anybody's buffer is; in a form that an index can answer.
      AND event.starts_at BETWEEN now() - interval '1 day' AND now() + interval '1 hour'
      AND event.ends_at > now() AND event.visited_of IS DISTINCT FROM event.starts_at
      AND NOT EXISTS (
        SELECT 1 FROM recorder_watch AS watch JOIN recorder ON recorder.id = watch.recorder_id
                                              JOIN run ON run.id = recorder.run_id
        WHERE watch.event_id = event.id AND recorder.room = event.room
          -- One that was sent by hand has a time of its own, about that of its meeting.
          AND (recorder.starts_at = event.starts_at OR (recorder.ends_at IS NULL
            AND recorder.starts_at BETWEEN event.starts_at - interval '30 minutes' AND event.ends_at))
          AND (run.status <> 'cancelled' OR recorder.stopped_at IS NOT NULL))
    ORDER BY event.starts_at LIMIT ${batchSize}`;

// A new visit, or one more that watches the visit there is; null where nothing is to be done.
async function orderFor(tx: Tx, eventId: string): Promise<"ordered" | "watched" | null> {
  const event = await tx.calendarEvent.findUnique({ where: { id: eventId }, include: { calendar: true } });
  if (event === null || !event.join || event.removedAt !== null || event.room === null) return null;
  const { workspaceId, ownerId } = event.calendar;
  const { platform, room, startsAt } = event;
  await lockMeeting(tx, workspaceId, { platform: platform ?? "", room });
  const known = await recorderOf(tx, { workspaceId, platform: platform ?? "", room, event });
  if (known !== null && known.isOpen) {
    return (await watch(tx, known.id, eventId)) ? "watched" : null;
  }
  const rules = await preferencesOf(tx, ownerId);
  const id = await createRecorder(tx, {
    workspaceId,
    ownerId,
    title: event.title || "Meeting",
    place: { platform: platform as Platform, room, url: event.meetingUrl ?? "" },
    startsAt,
    endsAt: event.endsAt,
    joinAt: new Date(startsAt.getTime() - rules.join_buffer_minutes * 60_000),
    generation: (known?.generation ?? 0) + 1,
    botName: rules.bot_name,
    language: rules.language,
    consentMessage: rules.consent_message,
  });
  if (id === null) return null;
  await watch(tx, id, eventId);
  return "ordered";
}

interface Known {
  id: string;
  generation: number;
  /** It goes on, is over as it should be, or was stopped by a person: there is to be no other. */
  isOpen: boolean;
}

// The visit of this occurrence, or one that a person sent by hand into the meeting that this event stands for.
async function recorderOf(
  tx: Tx,
  {
    workspaceId,
    platform,
    room,
    event,
  }: { workspaceId: string; platform: string; room: string; event: { startsAt: Date; endsAt: Date } },
): Promise<Known | null> {
  const rows = await tx.recorder.findMany({
    where: {
      workspaceId,
      platform,
      room,
      OR: [
        { startsAt: event.startsAt },
        { endsAt: null, startsAt: { gt: new Date(event.startsAt.getTime() - 30 * 60_000), lt: event.endsAt } },
      ],
    },
    include: { run: { select: { status: true } } },
    orderBy: { generation: "desc" },
  });
  const byHand = rows.find(({ endsAt, run }) => endsAt === null && !isFinal(run.status as RunStatus));
  if (byHand !== undefined) return { id: byHand.id, generation: byHand.generation, isOpen: true };
  const row = rows.find(({ endsAt }) => endsAt !== null);
  if (row === undefined) return null;
  return { id: row.id, generation: row.generation, isOpen: row.run.status !== "cancelled" || row.stoppedAt !== null };
}

async function watch(tx: Tx, recorderId: string, eventId: string): Promise<boolean> {
  const { count } = await tx.recorderWatch.createMany({ data: { recorderId, eventId }, skipDuplicates: true });
  return count > 0;
}
