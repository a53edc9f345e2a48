import type { Logger } from "pino";
import { accessTokenOf, endConsent, forgetAccount, tokenToRevoke } from "#records/calendars/account-tokens.ts";
import type { AccountToken } from "#records/calendars/account-tokens.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Sealer } from "#records/seal.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import type { SyncProblem } from "#domain/calendar/sync-problem.ts";
import { SyncFailed } from "../calendar/source.ts";
import { TokenRefused } from "./account-client.ts";
import type { AccountClient, Bearer, RemoteCalendar } from "./account-client.ts";
import type { AccountClients } from "./account-clients.ts";
import { createConsents } from "./consents.ts";
import { createWatching } from "./watching.ts";

interface Deps {
  prisma: PrismaClient;
  sealer: Sealer;
  log: Logger;
  clients: AccountClients;
  /** Where a provider's hints are taken; null: it cannot reach this server. */
  hintsAt?: (provider: AccountProvider) => string | null;
}

interface Asking {
  client: AccountClient;
  bearer: Bearer;
  email: string;
}

/** Below the time that an outbox row is leased for. */
const stoppingMs = 20_000;

export type Accounts = ReturnType<typeof createAccounts>;

/** The accounts that people let Convene read. */
export function createAccounts({ prisma, sealer, log, clients, hintsAt = () => null }: Deps) {
  const { keepWatched, stopWatching } = createWatching({ prisma, log, hintsAt });
  const clientOf = (provider: keyof AccountClients): AccountClient => {
    const client = clients[provider];
    // Its settings were taken away since.
    if (client === undefined) throw new SyncFailed("not_permitted");
    return client;
  };

  async function token(accountId: string, refused?: string): Promise<AccountToken> {
    const refresh = (provider: keyof AccountClients, refreshToken: string) => clientOf(provider).refresh(refreshToken);
    const found = await accessTokenOf({ prisma, sealer }, { accountId, refused, refresh });
    if (typeof found === "string") throw new SyncFailed("consent_needed");
    return found;
  }

  const accounts = {
    ...createConsents({ prisma, sealer, log, clients }),
    keepWatched,

    /** The calendars of an account, as its provider lists them now; or why it does not. */
    async calendars(
      accountId: string,
      signal: AbortSignal,
    ): Promise<{ calendars: RemoteCalendar[] } | { problem: SyncProblem }> {
      try {
        return { calendars: await accounts.use(accountId, signal, ({ client, bearer }) => client.calendars(bearer)) };
      } catch (error) {
        if (!(error instanceof SyncFailed)) throw error;
        return { problem: error.problem };
      }
    },

    /** Does something in an account's name; with a new token where its provider refuses the one at hand. */
    async use<T>(accountId: string, signal: AbortSignal, work: (asking: Asking) => Promise<T>): Promise<T> {
      const attempt = ({ provider, email, accessToken }: AccountToken) =>
        work({ client: clientOf(provider), bearer: { accessToken, signal }, email });
      const first = await token(accountId);
      try {
        return await attempt(first);
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
      }
      try {
        return await attempt(await token(accountId, first.accessToken));
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
        log.warn({ accountId }, "the provider refuses a new token");
        await endConsent(prisma, accountId);
        throw new SyncFailed("consent_needed", { cause: error });
      }
    },

    /** Tells a provider that calendars are gone which it still watches. */
    async stopOrphans(accountId: string): Promise<void> {
      const signal = AbortSignal.timeout(stoppingMs);
      try {
        await accounts.use(accountId, signal, (asking) => stopWatching(asking, accountId, { onlyGone: true }));
      } catch (error) {
        // With its consent its channels have ended too.
        if (!(error instanceof SyncFailed && error.problem === "consent_needed")) throw error;
      }
    },

    /** Takes the consent to a closed account back at its provider, and forgets the account. */
    async revoke(accountId: string): Promise<void> {
      const found = await tokenToRevoke({ prisma, sealer }, accountId);
      const client = found === null ? undefined : clients[found.provider];
      if (found !== null && client !== undefined) {
        const tokens = await client.refresh(found.refreshToken);
        const signal = AbortSignal.timeout(stoppingMs);
        if (tokens !== null) {
          await stopWatching({ client, bearer: { accessToken: tokens.accessToken, signal } }, accountId, {
            onlyGone: false,
          });
        }
        await client.revoke(tokens?.refreshToken ?? found.refreshToken);
      }
      await forgetAccount(prisma, accountId);
    },
  };
  return accounts;
}
