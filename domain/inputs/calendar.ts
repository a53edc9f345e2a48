import { z } from "zod";
import { accountProviders } from "../calendar/account.ts";
import { AutoJoinPreferences, overrides } from "../calendar/preferences.ts";
import { outsideAddress } from "../outside-address.ts";
import { line, title } from "../text.ts";

/** Most bytes of a calendar, as a feed brings it or as a file. */
export const largestCalendar = 10_000_000;

/*
 * What people and programs say of calendars: the same on pages and in the API.
 */

const feedUrl = outsideAddress("https://calendar.example.com/feed.ics");

const content = z
  .string()
  .max(largestCalendar, "A calendar may have 10 MB at most.")
  .refine((text) => /BEGIN:VCALENDAR/i.test(text.slice(0, 10_000)), "This is no calendar in iCal format (.ics).");

const addresses = z
  .array(z.email("This is no e-mail address.").max(254).toLowerCase())
  .max(10, "Use 10 addresses at most.")
  .transform((all) => [...new Set(all)]);

const calendarName = line(300);

export const NewCalendar = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ics"),
    url: feedUrl.meta({ description: "The calendar's address in iCal format; it is never shown again" }),
    name: calendarName.optional().meta({ description: "What it is called; its host, where left out" }),
    addresses: addresses.default([]).meta({ description: "Your addresses in it, besides that of your account" }),
    workspaceId: z.string().max(64).optional(),
  }),
  z.object({
    kind: z.literal("file"),
    content: content.meta({ description: "The file's text, at most 10 MB" }),
    name: calendarName.optional(),
    addresses: addresses.default([]),
    workspaceId: z.string().max(64).optional(),
  }),
]);
export type NewCalendar = z.infer<typeof NewCalendar>;

/** As above for programs, which cannot consent in a person's place: they are told where that is done. */
export const NewCalendarOrAccount = z.discriminatedUnion("kind", [
  ...NewCalendar.options,
  z.object({ kind: z.enum(accountProviders).meta({ description: "Answered 403 with the page to open in a browser" }) }),
]);

export const CalendarChange = z.object({
  name: title().optional(),
  included: z.boolean().optional().meta({ description: "Whether the rules look at its events" }),
  addresses: addresses.optional(),
  url: feedUrl.optional().meta({ description: "A new address; of a feed" }),
  content: content.optional().meta({ description: "The file anew; of a file" }),
});

export const PreferencesChange = AutoJoinPreferences.partial();

export const OverrideInput = z.object({
  eventId: z.uuid(),
  override: z.enum(overrides).meta({ description: "`default`: the rules decide" }),
  scope: z.enum(["one", "series"]).default("one").meta({ description: "This event alone, or all of its series" }),
});
