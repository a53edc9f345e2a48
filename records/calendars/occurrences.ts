import type { Occurrence } from "#domain/calendar/event.ts";
import type { Tx } from "../db.ts";
import { newId } from "../ids.ts";
import { sha256 } from "./content.ts";

interface Stored {
  calendarId: string;
  ownerId: string;
  window: { from: Date; to: Date };
}

const batchSize = 500;

/**
 * Makes the stored events of the window those that the calendar lists now. An occurrence keeps its id while it is
 * moved, renamed, taken away and listed again. Gives back how many were added, changed and removed.
 */
export async function storeOccurrences(
  tx: Tx,
  { calendarId, ownerId, window }: Stored,
  occurrences: readonly Occurrence[],
): Promise<{ added: number; changed: number; removed: number }> {
  const listed = new Map(occurrences.map((each) => [keyOf(each), { ...each, fingerprint: fingerprintOf(each) }]));
  const known = await tx.calendarEvent.findMany({
    where: { calendarId },
    select: {
      id: true,
      uid: true,
      originalStart: true,
      fingerprint: true,
      startsAt: true,
      endsAt: true,
      removedAt: true,
    },
  });
  const before = new Map(known.map((row) => [keyOf(row), row]));
  const news = [...listed].flatMap(([key, occurrence]) => {
    const row = before.get(key);
    const isSame = row !== undefined && row.fingerprint === occurrence.fingerprint && row.removedAt === null;
    return isSame ? [] : [{ id: row?.id ?? newId(), ...occurrence }];
  });
  for (let at = 0; at < news.length; at += batchSize) {
    await write(tx, { calendarId, ownerId }, news.slice(at, at + batchSize));
  }
  // What is over stays as it was, and what lies outside the window was not looked for.
  const isWatched = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }) =>
    endsAt > new Date() && startsAt < window.to;
  const gone = known.filter((row) => row.removedAt === null && isWatched(row) && !listed.has(keyOf(row)));
  await tx.calendarEvent.updateMany({
    where: { id: { in: gone.map(({ id }) => id) } },
    data: { removedAt: new Date() },
  });
  const added = news.filter((each) => !before.has(keyOf(each))).length;
  return { added, changed: news.length - added, removed: gone.length };
}

// A reason is decided in the same transaction (decide.ts); until then there is none.
async function write(
  tx: Tx,
  owner: { calendarId: string; ownerId: string },
  rows: (Occurrence & { id: string; fingerprint: string })[],
) {
  const entries = rows.map(({ meeting, ...row }) => ({
    ...row,
    platform: meeting?.platform ?? null,
    room: meeting?.room ?? null,
    meetingUrl: meeting?.url ?? null,
  }));
  await tx.$executeRaw`
    INSERT INTO calendar_event (
      id, calendar_id, owner_id, uid, original_start, title, description, location, starts_at, ends_at, is_all_day,
      time_zone, is_cancelled, is_tentative, organizer, attendees, platform, room, meeting_url, fingerprint, reason,
      updated_at)
    SELECT e.id, ${owner.calendarId}::uuid, ${owner.ownerId}::uuid, e.uid, e."originalStart", e.title, e.description,
      e.location, e."startsAt", e."endsAt", e."isAllDay", e."timeZone", e."isCancelled", e."isTentative", e.organizer,
      e.attendees, e.platform, e.room, e."meetingUrl", e.fingerprint, '', now()
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS e(
      id uuid, uid text, "originalStart" text, title text, description text, location text, "startsAt" timestamptz,
      "endsAt" timestamptz, "isAllDay" boolean, "timeZone" text, "isCancelled" boolean, "isTentative" boolean,
      organizer text, attendees jsonb, platform text, room text, "meetingUrl" text, fingerprint text)
    ON CONFLICT (calendar_id, uid, original_start) DO UPDATE SET
      title = EXCLUDED.title, description = EXCLUDED.description, location = EXCLUDED.location,
      starts_at = EXCLUDED.starts_at, ends_at = EXCLUDED.ends_at, is_all_day = EXCLUDED.is_all_day,
      time_zone = EXCLUDED.time_zone, is_cancelled = EXCLUDED.is_cancelled, is_tentative = EXCLUDED.is_tentative,
      organizer = EXCLUDED.organizer, attendees = EXCLUDED.attendees, platform = EXCLUDED.platform,
      room = EXCLUDED.room, meeting_url = EXCLUDED.meeting_url, fingerprint = EXCLUDED.fingerprint,
      updated_at = now(), removed_at = NULL`;
}

const keyOf = ({ uid, originalStart }: { uid: string; originalStart: string }) => `${originalStart} ${uid}`;

const fingerprintOf = (occurrence: Occurrence) => sha256(Buffer.from(JSON.stringify(occurrence)));
