import type { BotProviderId } from "./bot.ts";
import { platformNames } from "./calendar/event.ts";
import type { Platform } from "./calendar/event.ts";

/**
 * What each provider's bots can join. Sources: attendee-labs/attendee `bots/meeting_url_utils.py`
 * (`meeting_type_from_url`); docs.recall.ai `docs/meeting-platforms`;
 * Vexa-ai/vexa `docs/docs/api/meetings.mdx` (its Jitsi is not proven live).
 */
const joined: Record<BotProviderId, readonly Platform[]> = {
  attendee: ["google_meet", "zoom", "teams"],
  recall: ["google_meet", "zoom", "teams", "webex"],
  vexa: ["google_meet", "zoom", "teams"],
};

/** The platforms whose meetings a provider's bots can join; none where nobody sends bots. */
export const joinablePlatforms = (provider: BotProviderId | null): readonly Platform[] =>
  provider === null ? [] : joined[provider];

export const canJoin = (provider: BotProviderId, platform: Platform): boolean => joined[provider].includes(platform);

/**
 * Whether a provider's bots can write into a meeting's chat. Source: Vexa-ai/vexa `docs/docs/api/meetings.mdx`, where
 * sending to the chat is "not implemented".
 */
export const canWriteInChat = (provider: BotProviderId): boolean => provider !== "vexa";

/** Why a provider's bot joins no meeting on this platform, as a sentence. */
export function describeUnsupportedPlatform(provider: BotProviderId, platform: Platform): string {
  const where = listJoinablePlatforms(provider, "conjunction");
  return `The recording bots of this server cannot join meetings on ${platformNames[platform]}, but those on ${where}.`;
}

/** Where a provider's bots can join, as "Google Meet, Zoom, and Microsoft Teams", or with "or". */
export function listJoinablePlatforms(provider: BotProviderId | null, type: "conjunction" | "disjunction"): string {
  const names = joinablePlatforms(provider).map((each) => platformNames[each]);
  return new Intl.ListFormat("en", { type }).format(names);
}
