import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";

interface CalendarMeeting {
  id: string;
  title: string;
  agentName: string | null;
  sessionName: string | null;
  scheduledAt: Date;
  durationMinutes: number;
  createdAt: Date;
  updatedAt: Date;
  isCancelled: boolean;
  /** The server's address in people's browsers. */
  publicUrl: string;
}

const MINUTE_MS = 60_000;

/**
 * A meeting as an iCalendar file. Its UID stays; its SEQUENCE, the seconds between its making and its last change,
 * only ever grows, so that a calendar which has an earlier file takes the later one for a change of it.
 */
export function meetingCalendar(meeting: CalendarMeeting): string {
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
    sequence: Math.max(0, Math.floor((updatedAt.getTime() - createdAt.getTime()) / 1000)),
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
