import type { Db } from "../db.ts";

/** The time zone a person lives by: the one their rules name. Nobody is asked for one elsewhere, so UTC where there is none. */
export async function timeZoneOf(db: Db, userId: string | null): Promise<string> {
  if (userId === null) return "UTC";
  const rules = await db.autoJoinPreference.findUnique({ where: { userId }, select: { timeZone: true } });
  return rules?.timeZone ?? "UTC";
}
