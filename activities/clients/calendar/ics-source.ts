import { buffer } from "node:stream/consumers";
import { isReadingDue, windowAround } from "#domain/calendar/window.ts";
import { problemOfStatus } from "#domain/calendar/sync-problem.ts";
import type { Calendar } from "#prisma/generated/client.ts";
import { largestCalendar } from "#domain/inputs/calendar.ts";
import { sha256 } from "#records/calendars/content.ts";
import type { PrismaClient } from "#records/db.ts";
import { feedAddress } from "#records/calendars/feed-address.ts";
import type { Reading } from "#records/calendars/sync.ts";
import { SealBroken } from "#records/seal.ts";
import type { Sealer } from "#records/seal.ts";
import { GuardedFetchError } from "../guarded-fetch.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";
import { waitOf } from "../retry-after.ts";
import { CalendarUnreadable } from "./calendar-unreadable.ts";
import { readCalendar } from "./read-calendar.ts";
import { SyncFailed } from "./source.ts";
import type { CalendarSource } from "./source.ts";

interface Deps {
  prisma: PrismaClient;
  sealer: Sealer;
  guardedFetch: GuardedFetch;
  /** Hosts of Jitsi servers of one's own. */
  jitsiHosts?: readonly string[];
  /** Most time for an answer of the calendar's server. */
  fetchMs?: number;
}

/** iCalendar texts: a feed by its address, or a file that was uploaded. */
export function createIcsSource(deps: Deps): CalendarSource {
  const { prisma, sealer, guardedFetch, jitsiHosts = [], fetchMs = 30_000 } = deps;
  return {
    async read(calendar, signal) {
      const stored = await prisma.calendarContent.findUnique({ where: { calendarId: calendar.id } });
      const address = await feedAddress({ prisma, sealer }, calendar).catch(locked);
      const fetched = address === null ? null : await fetchFeed(calendar, address, signal);
      const isNew = fetched !== null && fetched.sha256 !== stored?.sha256;
      const body = isNew ? fetched.body : (stored?.body ?? null);
      if (body === null) throw new SyncFailed("not_a_calendar");
      if (!isNew && !isReadingDue(calendar.expandedAt)) return null;
      return { ...(await expand(body, calendar, signal)), content: isNew ? fetched : null };
    },
  };

  async function expand(body: Uint8Array, { ownerId, timeZone, ...calendar }: Calendar, signal: AbortSignal) {
    const window = windowAround(new Date());
    const owner = await prisma.user.findUnique({ where: { id: ownerId }, select: { email: true } });
    const addresses = [...(calendar.addresses as string[]), ...(owner === null ? [] : [owner.email.toLowerCase()])];
    try {
      return { ...(await readCalendar(body, window, { timeZone, addresses, jitsiHosts, signal })), window };
    } catch (error) {
      if (error instanceof CalendarUnreadable) throw new SyncFailed(error.code, { cause: error });
      throw error;
    }
  }

  /** The feed's text; null where its server says that it did not change. */
  async function fetchFeed(calendar: Calendar, url: string, signal: AbortSignal): Promise<Reading["content"]> {
    try {
      await using response = await guardedFetch(url, {
        mostBytes: largestCalendar,
        deadlineMs: fetchMs,
        redirects: 5,
        signal,
        headers: { accept: "text/calendar, */*;q=0.1", ...conditionsOf(calendar) },
      });
      const { status, headers } = response;
      if (status === 304) return null;
      if (status < 200 || status > 299) {
        throw new SyncFailed(problemOfStatus(status), { retryAfterMs: waitOf(headers.get("retry-after")) });
      }
      const body = new Uint8Array(await buffer(response.body));
      return {
        body,
        sha256: sha256(body),
        etag: headers.get("etag"),
        lastModified: headers.get("last-modified"),
      };
    } catch (error) {
      if (error instanceof GuardedFetchError) throw new SyncFailed(error.reason, { cause: error });
      throw error;
    }
  }
}

function locked(error: unknown): never {
  throw error instanceof SealBroken ? new SyncFailed("locked", { cause: error }) : error;
}

const conditionsOf = ({ etag, lastModified }: Calendar): Record<string, string> => ({
  ...(etag === null ? {} : { "if-none-match": etag }),
  ...(lastModified === null ? {} : { "if-modified-since": lastModified }),
});
