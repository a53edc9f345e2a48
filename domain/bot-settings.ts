import { z } from "zod";
import { botProviders } from "./bot.ts";
import type { BotProviderId } from "./bot.ts";

/** The variables by which both processes know who sends bots. */
export const botVariables = {
  BOT_PROVIDER: z
    .enum(botProviders)
    .optional()
    .describe("Who sends recording bots into meetings; the first that has a key, where not set"),
  ATTENDEE_API_KEY: z.string().min(1).optional().describe("Attendee's API key; with it, its bots record meetings"),
};

interface BotSettings {
  BOT_PROVIDER?: BotProviderId | undefined;
  ATTENDEE_API_KEY?: string | undefined;
}

/** Who sends bots here; null: nobody does, none is set up or the chosen one has no key. */
export function botProviderOf(settings: BotSettings): BotProviderId | null {
  const keys: Record<BotProviderId, string | undefined> = { attendee: settings.ATTENDEE_API_KEY };
  const wanted = settings.BOT_PROVIDER ?? botProviders.find((id) => keys[id] !== undefined);
  return wanted !== undefined && keys[wanted] !== undefined ? wanted : null;
}
