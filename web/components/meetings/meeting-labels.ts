import type { MeetingStatus } from "#domain/meeting.ts";

/** What people read for a meeting's status, wherever it stands. */
export const meetingStatusLabels: Record<MeetingStatus, string> = {
  upcoming: "Upcoming",
  active: "In the call",
  processing: "Processing",
  completed: "Ready",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** How many minutes are usual, to choose from. */
export const usualMinutes = [15, 30, 45, 60, 90, 120];
