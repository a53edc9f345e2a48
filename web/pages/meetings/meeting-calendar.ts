import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import type { PrismaClient } from "#records/db.ts";
import { meetingForCalendar } from "#records/meetings/meeting-detail.ts";

interface CalendarMeeting {
  id: string;
  title: string;
  agentName: string | null;
  sessionName: string | null;
  scheduledAt: Date;
  durationMinutes: number;
  createdAt: Date;
  updatedAt: Date;
  sequence: number;
  isCancelled: boolean;
  /** The server's address in people's browsers. */
  publicUrl: string;
}

const MINUTE_MS = 60_000;

/** A meeting's file for calendars and its headers; null: no such meeting for this person, or (`noTime`) not at a time. */
export async function meetingCalendarFile(
  prisma: PrismaClient,
  { userId, id, publicUrl }: { userId: string; id: string; publicUrl: string },
) {
  const meeting = await meetingForCalendar(prisma, userId, id);
  if (meeting === null) return null;
  const { scheduledAt } = meeting;
  if (scheduledAt === null) return { noTime: true as const };
  return {
    noTime: false as const,
    body: meetingCalendar({ ...meeting, scheduledAt, publicUrl }),
    headers: {
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": `attachment; filename="meeting-${id}.ics"`,
    },
  };
}

/**
 * A meeting as an iCalendar file. Its UID stays; its SEQUENCE only ever grows, so that a calendar which has an earlier
 * file takes the later one for a change of it.
 */
function meetingCalendar(meeting: CalendarMeeting): string {
  const { id, title, scheduledAt, createdAt, updatedAt, publicUrl } = meeting;
  const call = `${publicUrl}/meetings/${id}/call`;
  const about = [
    meeting.agentName === null ? null : `With ${meeting.agentName}.`,
    meeting.sessionName === null ? null : `Session of the plan: ${meeting.sessionName}.`,
    `Join the call: ${call}`,
  ].filter((line) => line !== null);
  const calendar = ical({
    prodId: { company: "Convene", product: "Meetings", language: "EN" },
    method: meeting.isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  });
  calendar.createEvent({
    id: `${id}@convene`,
    sequence: meeting.sequence,
    stamp: updatedAt,
    created: createdAt,
    lastModified: updatedAt,
    start: scheduledAt,
    end: new Date(scheduledAt.getTime() + meeting.durationMinutes * MINUTE_MS),
    summary: title,
    description: about.join("\n"),
    location: call,
    url: call,
    status: meeting.isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  return calendar.toString();
}
