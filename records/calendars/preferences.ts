import { defaultPreferences } from "#domain/calendar/preferences.ts";
import type { AutoJoinPreferences } from "#domain/calendar/preferences.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { Db, Tx } from "../db.ts";

/** A person's rules; those of whoever has set none are the defaults. */
export async function preferencesOf(db: Db, userId: string): Promise<AutoJoinPreferences> {
  const row = await db.autoJoinPreference.findUnique({ where: { userId } });
  if (row === null) return defaultPreferences;
  return {
    auto_record_enabled: row.autoRecordEnabled,
    excluded_keywords: row.excludedKeywords as string[],
    required_keywords: row.requiredKeywords as string[],
    join_buffer_minutes: row.joinBufferMinutes,
    meetings: row.meetings as AutoJoinPreferences["meetings"],
    only_accepted: row.onlyAccepted,
    quiet_hours: row.quietHours as AutoJoinPreferences["quiet_hours"],
    time_zone: row.timeZone,
    bot_name: row.botName,
    language: row.language,
    consent_message: row.consentMessage,
    notify_of: row.notifyOf as AutoJoinPreferences["notify_of"],
  };
}

/** Whether a person has ever set rules; for who has not, there is a better guess than some of the defaults. */
export const hasPreferences = async (db: Db, userId: string): Promise<boolean> =>
  (await db.autoJoinPreference.count({ where: { userId } })) > 0;

export async function savePreferences(tx: Tx, userId: string, rules: AutoJoinPreferences): Promise<void> {
  const data = {
    autoRecordEnabled: rules.auto_record_enabled,
    excludedKeywords: rules.excluded_keywords,
    requiredKeywords: rules.required_keywords,
    joinBufferMinutes: rules.join_buffer_minutes,
    meetings: rules.meetings,
    onlyAccepted: rules.only_accepted,
    quietHours: rules.quiet_hours ?? Prisma.DbNull,
    timeZone: rules.time_zone,
    botName: rules.bot_name,
    language: rules.language,
    consentMessage: rules.consent_message,
    notifyOf: rules.notify_of,
  };
  await tx.autoJoinPreference.upsert({ where: { userId }, create: { userId, ...data }, update: data });
}
