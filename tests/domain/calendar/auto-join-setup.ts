import { defaultPreferences } from "#domain/calendar/preferences.ts";
import type { AutoJoinPreferences, Override } from "#domain/calendar/preferences.ts";
import { shouldAutoJoin } from "#domain/calendar/should-auto-join.ts";
import type { JoinContext } from "#domain/calendar/should-auto-join.ts";
import type { Attendee, Occurrence, Response } from "#domain/calendar/event.ts";

export const me = "pat@home.example";

export const attendee = (email: string, response: Response = "accepted"): Attendee => ({ email, name: null, response });

export const event = (fields: Partial<Occurrence> = {}): Occurrence => ({
  uid: "1@calendar.example",
  originalStart: "",
  title: "Weekly sync",
  description: "",
  location: "",
  startsAt: new Date("2026-03-02T09:00:00Z"),
  endsAt: new Date("2026-03-02T10:00:00Z"),
  isAllDay: false,
  timeZone: "Europe/Berlin",
  isCancelled: false,
  isTentative: false,
  organizer: null,
  attendees: [],
  meeting: { platform: "zoom", room: "123456789", url: "https://zoom.us/j/123456789" },
  ...fields,
});

export const preferences = (fields: Partial<AutoJoinPreferences> = {}): AutoJoinPreferences => ({
  ...defaultPreferences,
  auto_record_enabled: true,
  ...fields,
});

export const context = (fields: Partial<JoinContext> = {}): JoinContext => ({
  now: new Date("2026-03-02T08:50:00Z"),
  switchedOn: true,
  inRollout: true,
  botProvider: null,
  calendarIncluded: true,
  addresses: [me],
  ...fields,
});

export const decide = (
  of: Partial<Occurrence>,
  rules: Partial<AutoJoinPreferences> = {},
  override: Override = "default",
  around: Partial<JoinContext> = {},
) => shouldAutoJoin(event(of), preferences(rules), override, context(around));
