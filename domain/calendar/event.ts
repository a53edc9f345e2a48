/** What a meeting is held on, told from its link. */
export const platforms = ["google_meet", "zoom", "teams", "webex", "jitsi"] as const;
export type Platform = (typeof platforms)[number];
export const platformNames: Record<Platform, string> = {
  google_meet: "Google Meet",
  zoom: "Zoom",
  teams: "Microsoft Teams",
  webex: "Webex",
  jitsi: "Jitsi",
};

/** Where a meeting is held. `room` names the room at its platform in one form, however its link was written. */
export interface MeetingPlace {
  platform: Platform;
  room: string;
  /** The link that people open. */
  url: string;
}

export const responses = ["accepted", "declined", "tentative", "needs_action"] as const;
export type Response = (typeof responses)[number];

export interface Attendee {
  /** In lower case. */
  email: string;
  name: string | null;
  response: Response;
}

/** One occurrence of an event, as its calendar gives it: what a series stands for is expanded. */
export interface Occurrence {
  /** The calendar's id of the event, the same for all occurrences of a series (iCalendar: UID). */
  uid: string;
  /**
   * Where the series' rule puts this occurrence, in ISO 8601 UTC, also after it alone was moved; empty for an event
   * that is no series.
   */
  originalStart: string;
  title: string;
  description: string;
  location: string;
  startsAt: Date;
  endsAt: Date;
  isAllDay: boolean;
  /** IANA name of the zone that the event's time is said in; null for UTC, a floating or an unknown one. */
  timeZone: string | null;
  isCancelled: boolean;
  isTentative: boolean;
  /** In lower case; null where nobody is named. */
  organizer: string | null;
  /** At most `occurrenceLimits.attendees`; the organizer is among them only if the calendar lists them. */
  attendees: Attendee[];
  meeting: MeetingPlace | null;
}

/** Most of what is kept of one occurrence, in characters where it is text. */
export const occurrenceLimits = { uid: 500, title: 300, description: 5_000, location: 1_000, attendees: 200 };
