import type { Logger } from "pino";
import { createAttendee } from "#activities/clients/bots/attendee.ts";
import type { BotProvider } from "#activities/clients/bots/bot-provider.ts";
import { botProviderOf } from "#domain/bot-settings.ts";
import type { WorkerEnv } from "./env.ts";

/** Who sends bots into meetings, chosen by the environment; null: nobody. */
export function chooseBots(env: WorkerEnv, log: Logger): BotProvider | null {
  const { BOT_PROVIDER, ATTENDEE_API_KEY, ATTENDEE_BASE_URL } = env;
  if (botProviderOf(env) === "attendee" && ATTENDEE_API_KEY !== undefined) {
    return createAttendee({ apiKey: ATTENDEE_API_KEY, baseUrl: ATTENDEE_BASE_URL });
  }
  if (BOT_PROVIDER !== undefined) log.warn({ provider: BOT_PROVIDER }, "BOT_PROVIDER is set but its key is not");
  return null;
}
