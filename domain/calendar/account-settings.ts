import { z } from "zod";
import { accountProviders } from "./account.ts";
import type { AccountProvider } from "./account.ts";

/** The variables by which both processes know which providers' calendars can be connected. */
export const accountVariables = {
  GOOGLE_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe("Client id of an OAuth client at Google; with the secret, Google calendars can be connected"),
  GOOGLE_CLIENT_SECRET: z.string().min(1).optional().describe("Its secret"),
  GOOGLE_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address of Google's sign-in and Calendar API, if not its own"),
};

type AccountSettings = { [Name in keyof typeof accountVariables]?: string | undefined };

/** The providers that are set up here. */
export function accountProvidersOf(settings: AccountSettings): AccountProvider[] {
  const isSetUp: Record<AccountProvider, boolean> = {
    google: settings.GOOGLE_CLIENT_ID !== undefined && settings.GOOGLE_CLIENT_SECRET !== undefined,
  };
  return accountProviders.filter((provider) => isSetUp[provider]);
}
