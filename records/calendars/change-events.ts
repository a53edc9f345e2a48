import { userTopic } from "#domain/live.ts";
import type { CalendarChangeData } from "#domain/live.ts";
import type { Announcement } from "../live/feed.ts";

/** That something of a person's calendar changed, for their open pages; null: of all their calendars. */
export const calendarChanged = (ownerId: string, calendarId: string | null): Announcement => ({
  topic: userTopic(ownerId),
  type: "calendar.changed",
  data: { calendarId } satisfies CalendarChangeData,
});
