import type { Logger } from "pino";
import { createAttendee } from "#activities/clients/bots/attendee.ts";
import type { BotProvider } from "#activities/clients/bots/bot-provider.ts";
import type { Bots } from "#activities/clients/bots/bots.ts";
import { createRecall } from "#activities/clients/bots/recall.ts";
import { createVexa } from "#activities/clients/bots/vexa.ts";
import { withCircuit } from "#activities/clients/bots/with-circuit.ts";
import type { GuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { botProviderOf, botProvidersOf } from "#domain/bot-settings.ts";
import type { BotProviderId } from "#domain/bot.ts";
import type { WorkerEnv } from "./env.ts";

interface Given {
  log: Logger;
  guardedFetch: GuardedFetch;
}

/** Who sends bots into meetings, by the environment: everybody with a key, and one of them the new ones. */
export function createBots(env: WorkerEnv, { log, guardedFetch }: Given): Bots {
  const all = botProvidersOf(env).map((id) => withCircuit(makers[id](env, guardedFetch), { log }));
  const chosen = all.find(({ id }) => id === botProviderOf(env)) ?? null;
  const { BOT_PROVIDER: wanted } = env;
  if (wanted !== undefined && chosen === null) log.warn({ provider: wanted }, "BOT_PROVIDER is set but its key is not");
  return { chosen, all };
}

// Each is made where its key is set.
const makers: Record<BotProviderId, (env: WorkerEnv, guardedFetch: GuardedFetch) => BotProvider> = {
  attendee: (env) => createAttendee({ apiKey: env.ATTENDEE_API_KEY ?? "", baseUrl: env.ATTENDEE_BASE_URL }),
  recall: (env, guardedFetch) =>
    createRecall({ apiKey: env.RECALL_API_KEY ?? "", baseUrl: env.RECALL_BASE_URL, guardedFetch }),
  vexa: (env) => createVexa({ apiKey: env.VEXA_API_KEY ?? "", baseUrl: env.VEXA_BASE_URL }),
};
