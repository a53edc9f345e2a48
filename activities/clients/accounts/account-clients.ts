import { accountProvidersOf } from "#domain/calendar/account-settings.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import type { AccountClient } from "./account-client.ts";
import { createGoogle } from "./google.ts";

interface Settings {
  PUBLIC_URL?: string | undefined;
  GOOGLE_CLIENT_ID?: string | undefined;
  GOOGLE_CLIENT_SECRET?: string | undefined;
  GOOGLE_BASE_URL?: string | undefined;
}

export type AccountClients = Partial<Record<AccountProvider, AccountClient>>;

/** The providers that are set up here. */
export function createAccountClients(settings: Settings): AccountClients {
  const redirectUri = (provider: AccountProvider) =>
    `${(settings.PUBLIC_URL ?? "").replace(/\/+$/, "")}/calendar/connect/${provider}/callback`;
  const create: Record<AccountProvider, () => AccountClient> = {
    google: () =>
      createGoogle({
        clientId: settings.GOOGLE_CLIENT_ID ?? "",
        clientSecret: settings.GOOGLE_CLIENT_SECRET ?? "",
        baseUrl: settings.GOOGLE_BASE_URL?.replace(/\/+$/, ""),
        redirectUri: redirectUri("google"),
      }),
  };
  return Object.fromEntries(accountProvidersOf(settings).map((provider) => [provider, create[provider]()]));
}
