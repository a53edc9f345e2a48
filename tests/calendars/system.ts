import { expect } from "vitest";
import { createRecorderActivities } from "#activities/bot-visit.ts";
import { createCalendarActivities } from "#activities/calendars.ts";
import type { ActivityDeps } from "#activities/index.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { startMeetings } from "#tests/meetings/system.ts";
import type { TestPerson } from "#tests/web/server.ts";

export interface CalendarAnswer {
  id: string;
  host: string | null;
  name: string;
  upcoming: number;
  sync: {
    state: string;
    lastSyncAt: string | null;
    failures: number;
    problem: { code: string; message: string } | null;
  };
}

export interface EventAnswer {
  id: string;
  title: string;
  start: string;
  meetingUrl: string | null;
  recurring: boolean;
  decision: { join: boolean; reason: string; message: string };
  override: string;
}

/** Web server, worker and Temporal, whose worker may fetch from this machine. */
export const startCalendars = (activities: Partial<ActivityDeps> = {}, settings: Record<string, string> = {}) =>
  startMeetings({
    settings,
    activities: { guardedFetch: createGuardedFetch({ allow: ["127.0.0.0/8"] }), ...activities },
    moreActivities: (deps) => ({ ...createCalendarActivities(deps), ...createRecorderActivities(deps) }),
  });

export const connect = (person: TestPerson, url: string, more: object = {}) =>
  person.json<CalendarAnswer>("/api/calendars", { method: "POST", body: { kind: "ics", url, ...more } });

export const eventsOf = async (person: TestPerson) =>
  (await person.json<{ items: EventAnswer[] }>("/api/calendar/events")).items;

/** Waits until the calendar's last sync is one that was asked for last, and gives how it went. */
export async function synced(person: TestPerson, id: string): Promise<CalendarAnswer> {
  const read = () => person.json<CalendarAnswer>(`/api/calendars/${id}`);
  await expect.poll(async () => (await read()).sync.state).toMatch(/^(ok|failed)$/);
  return read();
}

export async function syncNow(person: TestPerson, id: string): Promise<CalendarAnswer> {
  await person.json(`/api/calendars/${id}/sync`, { method: "POST" });
  return synced(person, id);
}

// Of one minute for all, so that a time said twice is the same.
const minute = Math.ceil(Date.now() / 60_000) * 60_000;
export const inHours = (hours: number) => new Date(minute + hours * 3_600_000);
