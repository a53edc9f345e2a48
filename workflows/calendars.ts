import { patched } from "@temporalio/workflow";
import { reading, readingOn, sweeps } from "./policies.ts";

/** Started by a schedule each minute: syncs the calendars that are due, and reminds of meetings about to begin. */
export async function calendarPass(): Promise<void> {
  await reading.remindOfMeetings();
  await sweeps.syncDueCalendars();
}

/** Started by a schedule: one pass of auto-join. A pass that was missed is made up for by the next. */
export async function autoJoinSweep(): Promise<void> {
  await sweeps.sweepRecorders();
}

interface SyncInput {
  calendarId: string;
  /** The queue where readings wait; left out, the workflow's own. */
  calendarsQueue?: string;
}

/** One calendar's sync, because a person asked for it or connected it just now; what it brought may be due already. */
export async function calendarSync({ calendarId, calendarsQueue }: SyncInput): Promise<void> {
  await readingOn(calendarsQueue).syncCalendar({ calendarId });
  if (patched("join-after-sync")) await sweeps.sweepRecorders({ calendarId });
}
