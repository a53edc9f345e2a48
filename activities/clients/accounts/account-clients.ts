import { accountProvidersOf } from "#domain/calendar/account-settings.ts";
import type { AccountSettings } from "#domain/calendar/account-settings.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import type { AccountClient } from "./account-client.ts";
import { createGoogle } from "./google.ts";
import { createMicrosoft } from "./microsoft.ts";

type Settings = AccountSettings & { PUBLIC_URL?: string | undefined; JITSI_HOSTS?: readonly string[] };

export type AccountClients = Partial<Record<AccountProvider, AccountClient>>;

/** The providers that are set up here. */
export function createAccountClients(settings: Settings): AccountClients {
  const redirectUri = (provider: AccountProvider) =>
    `${withoutSlash(settings.PUBLIC_URL ?? "")}/calendar/connect/${provider}/callback`;
  const jitsiHosts = settings.JITSI_HOSTS ?? [];
  const create: Record<AccountProvider, () => AccountClient> = {
    google: () =>
      createGoogle({
        clientId: settings.GOOGLE_CLIENT_ID ?? "",
        clientSecret: settings.GOOGLE_CLIENT_SECRET ?? "",
        baseUrl: settings.GOOGLE_BASE_URL && withoutSlash(settings.GOOGLE_BASE_URL),
        redirectUri: redirectUri("google"),
        jitsiHosts,
      }),
    microsoft: () =>
      createMicrosoft({
        clientId: settings.MICROSOFT_CLIENT_ID ?? "",
        clientSecret: settings.MICROSOFT_CLIENT_SECRET ?? "",
        tenant: settings.MICROSOFT_TENANT,
        loginUrl: withoutSlash(settings.MICROSOFT_LOGIN_URL),
        graphUrl: withoutSlash(settings.MICROSOFT_GRAPH_URL),
        redirectUri: redirectUri("microsoft"),
        jitsiHosts,
      }),
  };
  return Object.fromEntries(accountProvidersOf(settings).map((provider) => [provider, create[provider]()]));
}

const withoutSlash = (url: string) => url.replace(/\/+$/, "");
