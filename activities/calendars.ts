import { cancellationSignal } from "@temporalio/activity";
import { ApplicationFailure } from "@temporalio/common";
import type { Logger } from "pino";
import type { AutoJoinPolicy } from "#domain/calendar/policy.ts";
import { beginSync, completeSync, dueCalendars, failSync } from "#records/calendars/sync.ts";
import type { Sync } from "#records/calendars/sync.ts";
import { remindOfEvents } from "#records/calendars/reminders.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Sealer } from "#records/seal.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { readAllDue, waitAfterFailure, waitAfterSuccess } from "./read-due.ts";
import { createIcsSource } from "./clients/calendar/ics-source.ts";
import { createAccountSource } from "./clients/calendar/account-source.ts";
import { SyncFailed } from "./clients/calendar/source.ts";
import type { CalendarSource } from "./clients/calendar/source.ts";
import type { Accounts } from "./clients/accounts/accounts.ts";
import type { GuardedFetch } from "./clients/guarded-fetch.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  sealer: Sealer;
  accounts: Accounts;
  guardedFetch: GuardedFetch;
  autoJoin: AutoJoinPolicy;
  calendarSyncMs: number;
  jitsiHosts?: readonly string[];
}

/** Longer than fetching and expanding may take together; a worker that died gives its calendars up after this. */
const leaseMs = 90_000;
const longestWaitMs = 6 * 60 * 60_000;

/** Keeps calendars in step with their sources. Any number of workers may do so: a calendar is leased for its sync. */
export function createCalendarActivities(deps: Deps) {
  const { prisma, log, autoJoin: policy, calendarSyncMs } = deps;
  const [texts, consented] = [createIcsSource(deps), createAccountSource(deps)];
  const source: CalendarSource = {
    read: (calendar, signal) => (calendar.accountId === null ? texts : consented).read(calendar, signal),
  };

  async function sync(calendarId: string, signal: AbortSignal): Promise<"done" | "busy"> {
    const begun = await beginSync(prisma, calendarId, leaseMs);
    if (begun === "gone") return "done";
    if (begun === "busy") return "busy";
    try {
      const reading = await source.read(begun.calendar, signal);
      await completeSync(prisma, begun, reading, { policy, nextInMs: waitAfterSuccess(calendarSyncMs) });
    } catch (error) {
      if (signal.aborted) throw error;
      await keepFailure(begun, error);
    }
    return "done";
  }

  async function keepFailure(begun: Sync, error: unknown): Promise<void> {
    const { id, failures } = begun.calendar;
    const problem = error instanceof SyncFailed ? error.problem : "internal";
    const askedMs = error instanceof SyncFailed ? (error.retryAfterMs ?? 0) : 0;
    const nextInMs = waitAfterFailure({ intervalMs: calendarSyncMs, failures, longestMs: longestWaitMs, askedMs });
    log.warn({ err: error, calendarId: id, problem, failures: failures + 1 }, "calendar cannot be read");
    await failSync(prisma, begun, problem, nextInMs);
  }

  return {
    async syncCalendar({ calendarId }: { calendarId: string }): Promise<void> {
      using _heartbeat = startHeartbeat();
      const outcome = await sync(calendarId, cancellationSignal());
      // What another worker does now began before this was asked for.
      if (outcome === "busy") throw ApplicationFailure.retryable("The calendar is being synced just now", "busy");
    },

    /** Syncs every calendar whose time has come. */
    async syncDueCalendars(): Promise<void> {
      await readAllDue({
        due: (most) => dueCalendars(prisma, most),
        read: sync,
        onError: (error, calendarId) => log.warn({ err: error, calendarId }, "calendar's sync could not be kept"),
      });
    },

    /** Tells people of meetings that are to be recorded and begin within a few minutes. */
    async remindOfMeetings(): Promise<void> {
      await remindOfEvents(prisma);
    },
  };
}
