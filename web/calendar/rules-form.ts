import { AutoJoinPreferences } from "#domain/calendar/preferences.ts";
import { textOf } from "../components/ui/form-text.ts";
import { parseFields } from "../pages/forms.ts";

/** A person's rules as their page's form says them. */
export function parseRulesForm(form: FormData) {
  const text = (name: string) => textOf(form, name) ?? "";
  const lines = (name: string) =>
    text(name)
      .split(/\r\n?|\n/)
      .filter((line) => line.trim() !== "");
  return parseFields(AutoJoinPreferences, {
    auto_record_enabled: form.has("auto_record_enabled"),
    only_accepted: form.has("only_accepted"),
    meetings: text("meetings"),
    excluded_keywords: lines("excluded_keywords"),
    required_keywords: lines("required_keywords"),
    join_buffer_minutes: Number.parseFloat(text("join_buffer_minutes")),
    quiet_hours: form.has("quiet") ? { from: text("quiet_from"), to: text("quiet_to") } : null,
    time_zone: text("time_zone"),
    bot_name: text("bot_name"),
    language: text("language"),
    consent_message: text("consent_message"),
    notify_of: form.getAll("notify_of"),
  });
}
