import { z } from "zod";
import { accountProviders } from "#domain/calendar/account.ts";
import { decisionReasons } from "#domain/calendar/decision.ts";
import { platforms, responses } from "#domain/calendar/event.ts";
import { overrides } from "#domain/calendar/preferences.ts";
import { Id, Instant } from "./schemas.ts";

export const Calendar = z
  .object({
    id: Id,
    workspaceId: Id.meta({ description: "Where recordings of its meetings go" }),
    kind: z.enum(["ics", "file", ...accountProviders]),
    name: z.string(),
    host: z.string().nullable().meta({ description: "Where its feed lies; the whole address is a secret" }),
    account: z
      .object({
        id: Id,
        provider: z.enum(accountProviders),
        email: z.string(),
        needsConsent: z
          .boolean()
          .meta({ description: "Whether its owner has to consent anew, on the connections page" }),
      })
      .nullable()
      .meta({ description: "The account that it comes from" }),
    addresses: z.array(z.string()),
    included: z.boolean(),
    timeZone: z.string().nullable(),
    createdAt: Instant,
    sync: z.object({
      state: z.enum(["waiting", "running", "ok", "failed"]),
      lastSyncAt: Instant.nullable(),
      nextSyncAt: Instant.nullable(),
      failures: z.number().int(),
      failingSince: Instant.nullable(),
      problem: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
    upcoming: z.number().int().meta({ description: "Events that are not over" }),
    skipped: z
      .array(z.object({ reason: z.string(), count: z.number().int() }))
      .meta({ description: "What the last sync left out" }),
  })
  .meta({ id: "Calendar" });

const Decision = z.object({
  join: z.boolean(),
  reason: z.enum(decisionReasons),
  message: z.string().meta({ description: "The reason in words" }),
  decidedAt: Instant,
});

export const CalendarEvent = z
  .object({
    id: Id,
    calendarId: Id,
    calendarName: z.string(),
    title: z.string(),
    start: Instant,
    end: Instant,
    allDay: z.boolean(),
    timeZone: z.string().nullable(),
    meetingUrl: z.string().nullable(),
    platform: z.enum(platforms).nullable(),
    recurring: z.boolean(),
    cancelled: z.boolean(),
    tentative: z.boolean(),
    decision: Decision,
    override: z.enum(overrides).meta({ description: "What holds of what you said" }),
    said: z
      .object({ one: z.enum(overrides), series: z.enum(overrides) })
      .meta({ description: "What you said about this event alone, and about its series" }),
    status: z
      .enum(["scheduled", "deployed", "joining", "in_call", "failed", "done"])
      .nullable()
      .meta({ description: "Of its bot, where one is to come, was sent, or was there" }),
    recorderId: Id.nullable(),
  })
  .meta({ id: "CalendarEvent" });

export const CalendarEventDetail = CalendarEvent.extend({
  description: z.string(),
  location: z.string(),
  organizer: z.string().nullable(),
  attendees: z.array(z.object({ email: z.string(), name: z.string().nullable(), response: z.enum(responses) })),
}).meta({ id: "CalendarEventDetail" });

export const AutoJoinLog = z
  .object({
    id: Id,
    eventId: Id.nullable(),
    calendarId: Id,
    title: z.string(),
    start: Instant,
    join: z.boolean(),
    reason: z.enum(decisionReasons),
    message: z.string(),
    cause: z.enum(["sync", "preferences", "override", "calendar"]),
    at: Instant,
  })
  .meta({ id: "AutoJoinLog" });
