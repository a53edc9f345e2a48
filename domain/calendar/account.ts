/** Whose calendars are read by their owner's consent. */
export const accountProviders = ["google", "microsoft"] as const;
export type AccountProvider = (typeof accountProviders)[number];

export const isAccountProvider = (word: string | undefined): word is AccountProvider =>
  accountProviders.some((each) => each === word);

export const accountNames: Record<AccountProvider, string> = {
  google: "Google Calendar",
  microsoft: "Outlook Calendar",
};
