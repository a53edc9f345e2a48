import type { AccountProvider } from "#domain/calendar/account.ts";
import type { ConsentProblem } from "#domain/calendar/consent-problem.ts";
import type { Reading } from "#records/calendars/sync.ts";

/** What a provider hands out for an account. `refreshToken`: null where the one before stays. */
export interface Tokens {
  accessToken: string;
  accessUntil: Date;
  refreshToken: string | null;
}

/** What a person's consent gave. `subject` is the provider's id of the account, which no change of address changes. */
export interface Grant extends Tokens {
  refreshToken: string;
  subject: string;
  email: string;
}

/** What binds the answer of a consent to its beginning. */
export interface ConsentSecrets {
  verifier: string;
  nonce: string;
}

export interface RemoteCalendar {
  id: string;
  name: string;
  isPrimary: boolean;
  timeZone: string | null;
}

/** One calendar of an account, as far as its reading goes. */
export interface AskedCalendar {
  remoteId: string;
  /** The account's own address. */
  email: string;
  timeZone: string | null;
}

interface Window {
  from: Date;
  to: Date;
}

interface WatchAsked {
  id: string;
  token: string;
  /** The calendar's. */
  remoteId: string;
  address: string;
}

/** Asks in the name of an account. */
export interface Bearer {
  accessToken: string;
  signal: AbortSignal;
}

/**
 * A provider of calendars. What cannot be done now rejects with `SyncFailed`; a token that the provider does not take
 * with `TokenRefused`; a consent that came to nothing with `ConsentFailed`.
 */
export interface AccountClient {
  readonly provider: AccountProvider;
  authorizationUrl(asked: { state: string; secrets: ConsentSecrets; email?: string | undefined }): Promise<string>;
  /** `parameters`: what the provider sent the person back with. */
  grantOf(parameters: URLSearchParams, state: string, secrets: ConsentSecrets): Promise<Grant>;
  /** Null: the provider takes this refresh token no more. */
  refresh(refreshToken: string): Promise<Tokens | null>;
  /** Takes the consent back at the provider; also one that was taken back already. */
  revoke(refreshToken: string): Promise<void>;
  calendars(bearer: Bearer): Promise<RemoteCalendar[]>;
  /** Whether the place from which on changes are told is of a window of time, and has to move on with it. */
  readonly followsWindow: boolean;
  /** A place from which on changes of a calendar are told; null where there are too many events to follow. */
  follow(bearer: Bearer, remoteId: string, window: Window): Promise<string | null>;
  /** Whether something changed since; null: the provider does not know that place any more. */
  changes(bearer: Bearer, remoteId: string, cursor: string): Promise<{ changed: boolean; cursor: string } | null>;
  /** Asks to be told of changes at an address, with this token. */
  watch(bearer: Bearer, asked: WatchAsked): Promise<{ remoteId: string; expiresAt: Date }>;
  unwatch(bearer: Bearer, channel: { id: string; remoteId: string }): Promise<void>;
  /** Everything in a window of time. */
  read(bearer: Bearer, calendar: AskedCalendar, window: Window): Promise<AccountReading>;
}

type AccountReading = Pick<Reading, "name" | "timeZone" | "occurrences" | "skipped">;

/** The provider does not take the access token, though it should still hold. */
export class TokenRefused extends Error {
  override name = "TokenRefused";
}

/** A consent came to nothing. */
export class ConsentFailed extends Error {
  override name = "ConsentFailed";
  readonly reason: ConsentProblem;
  constructor(reason: ConsentProblem, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }
}
