import type { Override } from "#domain/calendar/preferences.ts";
import type { Db, Tx } from "../db.ts";

export type OverrideScope = "one" | "series";

interface EventKey {
  calendarId: string;
  uid: string;
  originalStart: string;
}

/** What a person said about an event: about this occurrence alone, and about its series. */
export type EventOverrides = Record<OverrideScope, Override>;

/** What a person said about each of their events. */
export async function readOverrides(db: Db, ownerId: string): Promise<(event: EventKey) => EventOverrides> {
  const rows = await db.autoJoinOverride.findMany({ where: { calendar: { ownerId } } });
  const values = new Map(rows.map((row) => [keyOf(row.scope as OverrideScope, row), row.value as Override]));
  return (event) => ({
    one: values.get(keyOf("one", event)) ?? "default",
    series: values.get(keyOf("series", event)) ?? "default",
  });
}

/** Which of both holds: what was said about one occurrence, else about its series. */
export const overrideOf = ({ one, series }: EventOverrides): Override => (one === "default" ? series : one);

/** Keeps what a person says about an event they may see; `default` takes back what was said in this scope. */
export async function setOverride(tx: Tx, event: EventKey, scope: OverrideScope, value: Override): Promise<void> {
  const { calendarId, uid } = event;
  const originalStart = scope === "one" ? event.originalStart : "";
  const id = { calendarId, uid, scope, originalStart };
  if (value === "default") {
    await tx.autoJoinOverride.deleteMany({ where: id });
    return;
  }
  await tx.autoJoinOverride.upsert({
    where: { calendarId_uid_scope_originalStart: id },
    create: { ...id, value },
    update: { value },
  });
}

const keyOf = (scope: OverrideScope, { calendarId, uid, originalStart }: EventKey) =>
  JSON.stringify([scope, calendarId, uid, scope === "one" ? originalStart : ""]);
