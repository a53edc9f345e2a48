import { isBotBefore, isBotInCall } from "#domain/bot.ts";
import type { BotState } from "#domain/bot.ts";
import type { BotNotice } from "#domain/calendar/notice.ts";
import type { RunEvent } from "#domain/run.ts";
import type { Recorder } from "#prisma/generated/client.ts";
import { preferencesOf } from "../calendars/preferences.ts";
import type { Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";
import { notify } from "../live/notifications.ts";

interface BotAttempt {
  recorder: Recorder;
  attempt: number;
}

/** Tells everybody who waits for a bot what came of it, each once for each attempt, if they want to be told of it. */
export async function notifyOfBot(tx: Tx, { recorder, attempt }: BotAttempt, notice: BotNotice, body: string) {
  const { id, ownerId, title, startsAt, meetingUrl, botId } = recorder;
  const watches = await tx.recorderWatch.findMany({
    where: { recorderId: id },
    select: { eventId: true, event: { select: { ownerId: true } } },
  });
  const eventOf = new Map(watches.map(({ eventId, event }) => [event.ownerId, eventId]));
  const people = new Set([...eventOf.keys(), ...(ownerId === null ? [] : [ownerId])]);
  const news: Announcement[] = [];
  for (const userId of people) {
    const { notify_of } = await preferencesOf(tx, userId);
    if (!notify_of.includes(notice)) continue;
    const told = await notify(
      tx,
      {
        userId,
        dedupeKey: `${notice}:${id}:${attempt}:${userId}`,
        type: notice,
        title: titles[notice](title),
        body,
        link: linkOf(recorder, eventOf.get(userId)),
        details: {
          meeting: { title, start_time: startsAt.toISOString(), meeting_url: meetingUrl },
          session_id: id,
          ...(botId === null ? {} : { bot_id: botId }),
        },
      },
      null,
    );
    news.push(...told);
  }
  return news;
}

const titles: Record<BotNotice, (title: string) => string> = {
  meeting_starting: (title) => `“${title}” is about to begin`,
  bot_deployed: (title) => `A bot was sent to “${title}”`,
  bot_in_call: (title) => `“${title}” is being recorded`,
  bot_failed: (title) => `“${title}” is not recorded`,
};

const linkOf = ({ runId }: Recorder, eventId: string | undefined) =>
  eventId === undefined ? `/runs/${runId}` : `/calendar/events/${eventId}`;

/** How a recorder's run ended, where that is worth a notice: what it brought home is told by the recording. */
export async function notifyOfRecorder(
  tx: Tx,
  { id: runId, attempt }: { id: string; attempt: number },
  event: RunEvent,
): Promise<Announcement[]> {
  if (event.type !== "failed") return [];
  const recorder = await tx.recorder.findUnique({ where: { runId } });
  return recorder === null ? [] : notifyOfBot(tx, { recorder, attempt }, "bot_failed", event.error.message);
}

/** Which notice a step of a bot is worth; null: none. */
export function noticeOf(before: BotState | null, state: BotState): BotNotice | null {
  if (isBotInCall(state)) return before !== null && !isBotBefore(before, "in_call") ? null : "bot_in_call";
  return before === null && state !== "failed" ? "bot_deployed" : null;
}
