import { canJoin, describeUnsupportedPlatform } from "#domain/bot-platforms.ts";
import { botProviderOf } from "#domain/bot-settings.ts";
import type { MeetingPlace } from "#domain/calendar/event.ts";
import type { WebEnv } from "../env.ts";

/** Why no bot can be sent to a meeting, whoever asks; null: one can. */
export function botRefusal(
  env: WebEnv,
  { platform }: MeetingPlace,
): { code: "no_bot_provider" | "platform_not_joined"; message: string } | null {
  const provider = botProviderOf(env);
  if (provider === null) return { code: "no_bot_provider", message: "No recording bot is set up on this server." };
  if (canJoin(provider, platform)) return null;
  return { code: "platform_not_joined", message: describeUnsupportedPlatform(provider, platform) };
}
