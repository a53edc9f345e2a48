import type { Logger } from "pino";
import type { AccountProvider } from "#domain/calendar/account.ts";
import type { Calendar } from "#prisma/generated/client.ts";
import {
  channelsOf,
  confirmChannel,
  forgetChannel,
  isChannelDue,
  openChannel,
  otherChannels,
  refuseChannel,
} from "#records/calendars/push-subscriptions.ts";
import type { Channel } from "#records/calendars/push-subscriptions.ts";
import type { PrismaClient } from "#records/db.ts";
import type { AccountClient, Bearer } from "./account-client.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  /** Where a provider's hints are taken; null: it cannot reach this server. */
  hintsAt(provider: AccountProvider): string | null;
}

interface Asking {
  client: AccountClient;
  bearer: Bearer;
}

/** Providers deliver over https alone. */
export const hintAddresses =
  (publicUrl: string | undefined) =>
  (provider: AccountProvider): string | null =>
    publicUrl?.startsWith("https:") ? `${publicUrl.replace(/\/+$/, "")}/api/webhook/${provider}-calendar` : null;

/**
 * Lets providers tell when a calendar changes. Each hint may be lost, so nothing depends on it: whatever fails here is
 * noted, and syncs go on by the clock.
 */
export function createWatching({ prisma, log, hintsAt }: Deps) {
  async function stop({ client, bearer }: Asking, channels: readonly Channel[]): Promise<void> {
    for (const { id, remoteId } of channels) {
      if (remoteId !== null) await client.unwatch(bearer, { id, remoteId }).catch(note("a channel was not stopped"));
      await forgetChannel(prisma, id);
    }
  }

  const note = (words: string) => (error: unknown) => log.info({ err: error }, words);

  return {
    /** Sees to it that changes of a calendar are told, some time before the last promise of it ends. */
    async keepWatched({ client, bearer }: Asking, { id: calendarId, accountId, remoteId }: Calendar): Promise<void> {
      const address = hintsAt(client.provider);
      if (address === null || accountId === null || remoteId === null) return;
      if (!(await isChannelDue(prisma, calendarId))) return;
      const { id, token } = await openChannel(prisma, { calendarId, accountId });
      try {
        await confirmChannel(prisma, id, await client.watch(bearer, { id, token, remoteId, address }));
      } catch (error) {
        bearer.signal.throwIfAborted();
        // Some calendars tell nothing, and some addresses are not delivered to. It is asked again another day.
        note("a calendar is not watched")(error);
        await refuseChannel(prisma, id);
      }
      await stop({ client, bearer }, await otherChannels(prisma, calendarId, id));
    },

    stopWatching: async (asking: Asking, accountId: string, which: { onlyGone: boolean }) =>
      stop(asking, await channelsOf(prisma, accountId, which)),
  };
}
