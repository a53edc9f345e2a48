import type { PrismaClient } from "../db.ts";
import { announce } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";
import { preferencesOf } from "./preferences.ts";

/** How long before its start a person is told of a meeting that is to be recorded. */
const remindMs = 5 * 60_000;
const batchSize = 200;

/** Reminds of every meeting that is to be recorded and is about to begin, once for each time it is set to. */
export async function remindOfEvents(prisma: PrismaClient): Promise<void> {
  const now = new Date();
  const due = await prisma.$queryRaw<{ id: string }[]>`
    SELECT id FROM calendar_event
    WHERE "join" AND removed_at IS NULL AND starts_at > ${now} AND starts_at <= ${new Date(now.getTime() + remindMs)}
      AND reminded_of IS DISTINCT FROM starts_at
    ORDER BY starts_at LIMIT ${batchSize}`;
  for (const { id } of due) await remind(prisma, id);
}

async function remind(prisma: PrismaClient, id: string): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const event = await tx.calendarEvent.findUnique({ where: { id } });
    if (event === null || event.removedAt !== null || !event.join) return;
    await tx.calendarEvent.update({ where: { id }, data: { remindedOf: event.startsAt } });
    const { notify_of } = await preferencesOf(tx, event.ownerId);
    if (!notify_of.includes("meeting_starting")) return;
    const bots = await tx.recorderWatch.count({ where: { eventId: id, recorder: { startsAt: event.startsAt } } });
    const news = await notify(
      tx,
      {
        userId: event.ownerId,
        dedupeKey: `meeting_starting:${id}:${event.startsAt.getTime()}`,
        type: "meeting_starting",
        title: `“${event.title}” is about to begin`,
        body:
          bots > 0
            ? "A bot joins it by itself."
            : "No bot will come. Record it in a browser tab, or upload its recording afterwards.",
        details: {
          meeting: {
            title: event.title,
            start_time: event.startsAt.toISOString(),
            meeting_url: event.meetingUrl ?? "",
          },
        },
        link: `/calendar/events/${id}`,
      },
      null,
    );
    await announce(tx, news);
  });
}
