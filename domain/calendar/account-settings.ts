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
  MICROSOFT_CLIENT_ID: z
    .string()
    .min(1)
    .optional()
    .describe("Client id of an app at Microsoft Entra; with the secret, Outlook calendars can be connected"),
  MICROSOFT_CLIENT_SECRET: z.string().min(1).optional().describe("Its secret"),
  MICROSOFT_TENANT: z
    .string()
    .regex(/^[\w.-]+$/)
    .default("common")
    .describe("Whose accounts: `common`, `organizations`, `consumers`, or one tenant's id"),
  MICROSOFT_LOGIN_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://login.microsoftonline.com")
    .describe("Address of Microsoft's sign-in; national clouds have their own"),
  MICROSOFT_GRAPH_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://graph.microsoft.com")
    .describe("Address of Microsoft Graph; national clouds have their own"),
};

export type AccountSettings = z.infer<z.ZodObject<typeof accountVariables>>;

/** The providers that are set up here. */
export function accountProvidersOf(settings: Partial<AccountSettings>): AccountProvider[] {
  const isSetUp: Record<AccountProvider, boolean> = {
    google: settings.GOOGLE_CLIENT_ID !== undefined && settings.GOOGLE_CLIENT_SECRET !== undefined,
    microsoft: settings.MICROSOFT_CLIENT_ID !== undefined && settings.MICROSOFT_CLIENT_SECRET !== undefined,
  };
  return accountProviders.filter((provider) => isSetUp[provider]);
}
