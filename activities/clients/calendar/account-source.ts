import { isReadingDue, windowAround } from "#domain/calendar/window.ts";
import type { AccountClient, Bearer } from "../accounts/account-client.ts";
import type { Accounts } from "../accounts/accounts.ts";
import { SyncFailed } from "./source.ts";
import type { CalendarSource } from "./source.ts";

/** For all of a sync's questions together; a calendar's lease is longer. */
const readingMs = 75_000;

/**
 * Calendars of an account, by its owner's consent. Whether anything changed is asked by the provider's own cursor; what
 * there is, is then read as a whole for the window, which moves on while a cursor stays where it began.
 */
export function createAccountSource({ accounts }: { accounts: Accounts }): CalendarSource {
  return {
    async read(calendar, signal) {
      const { accountId, remoteId } = calendar;
      if (accountId === null || remoteId === null) throw new SyncFailed("consent_needed");
      const deadline = AbortSignal.timeout(readingMs);
      try {
        return await accounts.use(accountId, AbortSignal.any([signal, deadline]), async ({ client, bearer, email }) => {
          await accounts.keepWatched({ client, bearer }, calendar);
          const [window, isDue] = [windowAround(new Date()), isReadingDue(calendar.expandedAt)];
          const cursor = isDue && client.followsWindow ? null : calendar.cursor;
          const place = await placeOf({ client, bearer, remoteId, window }, cursor);
          if (!place.changed && !isDue) return null;
          const reading = await client.read(bearer, { remoteId, email, timeZone: calendar.timeZone }, window);
          return { ...reading, window, cursor: place.cursor, content: null };
        });
      } catch (error) {
        if (deadline.aborted && !signal.aborted) throw new SyncFailed("timed_out", { cause: error });
        throw error;
      }
    },
  };
}

/** Of a calendar with too many events for its changes to be asked for: it is read each time. */
const notFollowed = "";

interface Followed {
  client: AccountClient;
  bearer: Bearer;
  remoteId: string;
  window: { from: Date; to: Date };
}

/** From where on changes are told, found before the events are read: what changes meanwhile is told next time. */
async function placeOf(
  { client, bearer, remoteId, window }: Followed,
  cursor: string | null,
): Promise<{ changed: boolean; cursor: string }> {
  if (cursor === notFollowed) return { changed: true, cursor };
  const since = cursor === null ? null : await client.changes(bearer, remoteId, cursor);
  return since ?? { changed: true, cursor: (await client.follow(bearer, remoteId, window)) ?? notFollowed };
}
