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
  RECALL_API_KEY: z.string().min(1).optional().describe("Recall.ai's API key; with it, its bots record meetings"),
  VEXA_API_KEY: z.string().min(1).optional().describe("Vexa's API key; with it, its bots record meetings"),
};

/** The variable that holds each provider's key. */
export const botKeyNames = {
  attendee: "ATTENDEE_API_KEY",
  recall: "RECALL_API_KEY",
  vexa: "VEXA_API_KEY",
} as const satisfies Record<BotProviderId, string>;

export interface BotSettings extends Partial<Record<(typeof botKeyNames)[BotProviderId], string | undefined>> {
  BOT_PROVIDER?: BotProviderId | undefined;
}

/** Everybody whose key is set, in the order in which one is chosen. */
export const botProvidersOf = (settings: BotSettings): BotProviderId[] =>
  botProviders.filter((id) => settings[botKeyNames[id]] !== undefined);

/** Who sends bots here; null: nobody does, none is set up or the chosen one has no key. */
export function botProviderOf(settings: BotSettings): BotProviderId | null {
  const known = botProvidersOf(settings);
  const wanted = settings.BOT_PROVIDER ?? known[0];
  return wanted !== undefined && known.includes(wanted) ? wanted : null;
}
