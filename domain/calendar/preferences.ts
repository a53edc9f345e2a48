import { z } from "zod";
import { languageTag } from "../inputs/language.ts";
import { line, prose } from "../text.ts";
import { botNotices } from "./notice.ts";
import { isTimeZone } from "./time-zone.ts";

/** Which meetings a person wants recorded. `organised`: those they called themselves. */
export const meetingChoices = ["all", "external", "internal", "organised"] as const;

/** What a person said about one event, or about a series. `default`: the rules decide. */
export const overrides = ["default", "always", "never"] as const;
export type Override = (typeof overrides)[number];

const mostKeywords = 50;
/** Words or phrases that titles are held against. */
export const keywords = z
  .array(line(100))
  .max(mostKeywords, `Use ${mostKeywords} keywords at most.`)
  .transform((all) => [...new Set(all.filter(Boolean))]);

/** A time of day, such as "07:30". */
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "This is no time of day such as 07:30.");

/** A person's rules for joining meetings by itself, by the names of the reference design where it has one. */
export const AutoJoinPreferences = z.object({
  auto_record_enabled: z.boolean(),
  /** An event whose title holds one of these is left alone. */
  excluded_keywords: keywords,
  /** Where there are any, only events whose title holds one of these are joined. */
  required_keywords: keywords,
  /** How long before its start a meeting is joined. */
  join_buffer_minutes: z
    .number("Use 0 to 30 minutes.")
    .int("Use whole minutes.")
    .min(0, "Use 0 to 30 minutes.")
    .max(30, "Use 0 to 30 minutes."),
  meetings: z.enum(meetingChoices),
  only_accepted: z.boolean(),
  /** Between these times of day, in `time_zone`, nothing that begins is joined; it may go over midnight. */
  quiet_hours: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
  time_zone: z.string().max(64).refine(isTimeZone, "This is no time zone such as Europe/Berlin."),
  bot_name: line(100).min(1, "Give the bot a name."),
  language: languageTag(),
  consent_message: prose(500),
  notify_of: z.array(z.enum(botNotices)).transform((all) => [...new Set(all)]),
});
export type AutoJoinPreferences = z.infer<typeof AutoJoinPreferences>;

/** The rules of whoever has set none: nothing is joined before a person turns it on. */
export const defaultPreferences: AutoJoinPreferences = {
  auto_record_enabled: false,
  excluded_keywords: [],
  required_keywords: [],
  join_buffer_minutes: 1,
  meetings: "all",
  only_accepted: false,
  quiet_hours: null,
  time_zone: "UTC",
  bot_name: "Convene notetaker",
  language: "en",
  notify_of: ["meeting_starting", "bot_in_call", "bot_failed"],
  consent_message: "This meeting is recorded and transcribed by Convene for the person who invited it.",
};
