import type { BotProviderId, BotStatus } from "#domain/bot.ts";

/** What a bot is asked for. */
export interface BotOrder {
  /** Names the occurrence and its generation: two orders of one key are one bot. */
  key: string;
  /** Whose bot it is: comes back with each webhook. */
  recorderId: string;
  meetingUrl: string;
  botName: string;
  /** BCP 47, such as "en". */
  language: string;
  /** Said in the meeting's chat when the bot has joined, where the platform has one; empty for nothing. */
  consentMessage: string;
}

/** Something said in the meeting, as the provider tells it: whose voice is heard when. Seconds from the recording's start. */
export interface BotUtterance {
  speaker: string;
  text: string;
  startSeconds: number;
  endSeconds: number;
}

/** Where a recording lies; `headers` are for the provider's own address alone, where it lies there. */
export interface OfferedRecording {
  url: string;
  headers?: Record<string, string>;
}

/** What a provider knows of a meeting under way; null where it does not say. */
export interface BotPresence {
  /** How many are in the meeting, without the bot. */
  people: number | null;
  /** When somebody was heard last. */
  lastSpokenAt: Date | null;
}

/**
 * A service that sends bots into meetings. Failures are thrown as `ApplicationFailure` with a code of
 * `domain/failure.ts`: `bot_refused` (no try can help), `bot_key_refused`, `bot_limit`, `bot_room_taken`, `bot_not_ready` and
 * `bot_provider_unavailable` (a
 * later try can, not before `nextRetryDelay` where the provider names a time).
 */
export interface BotProvider {
  id: BotProviderId;
  /** Where it is reached; its recordings may lie there too. */
  baseUrl: string;
  /** The newest bot that was ever ordered under a key, also one that has ended; null: there is none. */
  find(key: string, signal: AbortSignal): Promise<BotStatus | null>;
  /** Sends a bot at once. To be called after `find` gave nothing; a bot of the same key that came between is given back. */
  create(order: BotOrder, signal: AbortSignal): Promise<BotStatus>;
  /** Null: the provider knows no such bot (any more). */
  status(botId: string, signal: AbortSignal): Promise<BotStatus | null>;
  /** Tells a bot to leave. Nothing where it has left or never came in. */
  leave(botId: string, signal: AbortSignal): Promise<void>;
  /** Where the recording lies, for a while; null: there is none (yet). */
  recording(botId: string, signal: AbortSignal): Promise<OfferedRecording | null>;
  /** What was said, by whom; empty where the provider transcribes nothing. */
  utterances(botId: string, signal: AbortSignal): Promise<BotUtterance[]>;
  /** Who is in the bot's meeting now; null: the provider knows no such bot (any more). Not every provider tells. */
  presence?(botId: string, signal: AbortSignal): Promise<BotPresence | null>;
  /** Erases recording and transcript at the provider. Nothing where that was done. */
  erase(botId: string, signal: AbortSignal): Promise<void>;
}
