/** A service of models that is configured: its own address where none is given, and some key where it wants none. */
export interface ModelAccount {
  apiKey: string;
  baseUrl?: string | undefined;
}

interface ModelSettings {
  OPENAI_API_KEY?: string | undefined;
  OPENAI_BASE_URL?: string | undefined;
  SPEECH_API_KEY?: string | undefined;
  SPEECH_BASE_URL?: string | undefined;
}

const openAi = "https://api.openai.com/v1";
// A compatible server on one's own machine often wants no key; the client insists on some value.
const noKey = "none";

export const addressOf = ({ baseUrl }: ModelAccount): string => baseUrl ?? openAi;

/** Who reads; null: nobody but the embedded reader. */
export function languageAccount({
  OPENAI_API_KEY: apiKey,
  OPENAI_BASE_URL: baseUrl,
}: ModelSettings): ModelAccount | null {
  return apiKey === undefined && baseUrl === undefined ? null : { apiKey: apiKey ?? noKey, baseUrl };
}

/**
 * Who listens; null: nobody but the embedded recogniser. What is not said of speech is as for language, except that a
 * key goes to the origin alone that it was given for.
 */
export function speechAccount(settings: ModelSettings): ModelAccount | null {
  const { SPEECH_API_KEY: key, SPEECH_BASE_URL: address } = settings;
  const shared = languageAccount(settings);
  if (key === undefined && address === undefined) return shared;
  const account = { apiKey: key ?? noKey, baseUrl: address ?? settings.OPENAI_BASE_URL };
  if (key !== undefined || shared === null) return account;
  const isSameOrigin = new URL(addressOf(account)).origin === new URL(addressOf(shared)).origin;
  return isSameOrigin ? { ...account, apiKey: shared.apiKey } : account;
}
