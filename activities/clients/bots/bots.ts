import { botKeyNames } from "#domain/bot-settings.ts";
import { isBotProvider } from "#domain/bot.ts";
import { failure } from "../child.ts";
import type { BotProvider } from "./bot-provider.ts";

/** Who sends bots here. One of them sends new ones; those that were sent before are followed through their sender. */
export interface Bots {
  /** Null: nobody sends new bots. */
  chosen: BotProvider | null;
  /** Everybody whose key is set. */
  all: readonly BotProvider[];
}

/** The provider that new bots are sent by. */
export function chosenOf({ chosen }: Bots): BotProvider {
  if (chosen === null) throw failure("bot_refused", "no provider of bots is set up on the worker");
  return chosen;
}

/** The provider that a bot was ordered from, under the name that was kept of it. */
export function senderOf({ all }: Bots, name: string): BotProvider {
  const provider = all.find(({ id }) => id === name);
  if (provider !== undefined) return provider;
  throw failure("bot_provider_missing", isBotProvider(name) ? `${name}; set ${botKeyNames[name]} on the worker` : name);
}
