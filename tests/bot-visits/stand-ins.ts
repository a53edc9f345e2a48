import { createAttendee } from "#activities/clients/bots/attendee.ts";
import type { BotProvider } from "#activities/clients/bots/bot-provider.ts";
import { createRecall } from "#activities/clients/bots/recall.ts";
import { createVexa } from "#activities/clients/bots/vexa.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import type { BotProviderId } from "#domain/bot.ts";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import type { BotFault } from "#tests/fakes/bot-faults.ts";
import { startFakeRecall } from "#tests/fakes/recall.ts";
import { startFakeVexa } from "#tests/fakes/vexa.ts";

/** What every stand-in's bot can be told, and tells. */
export interface StandInBot {
  id: string;
  meetingUrl: string;
  state(): string;
  join(): void;
  waitingRoom(): void;
  admit(): void;
  deny(): void;
  giveUpWaiting(): void;
  kick(): void;
  end(): void;
  leaves(): number;
}

interface Fake {
  bots: StandInBot[];
  failNext(fault: BotFault, times: number, call: "create" | "list" | "leave"): void;
  mend(): void;
  recordings(how: "ready" | "late" | "missing"): void;
  mostAtOnce(meetingUrl: string): number;
  webhook(url: string, more?: { repeat?: number; delayMs?: (index: number) => number }): { settled(): Promise<void> };
  [Symbol.asyncDispose](): Promise<void>;
}

/** A provider's stand-in, the client under its key, and what web and worker must be told of it. */
export interface StandIn {
  fake: Fake;
  provider: BotProvider;
  settings: Record<string, string>;
}

const guardedFetch = createGuardedFetch({ allow: [] });

export const standIns: Record<BotProviderId, () => Promise<StandIn>> = {
  async attendee() {
    const fake = await startFakeAttendee();
    const { apiKey, baseUrl, webhookSecret } = fake;
    const settings = { ATTENDEE_API_KEY: apiKey, ATTENDEE_BASE_URL: baseUrl, ATTENDEE_WEBHOOK_SECRET: webhookSecret };
    return { fake, provider: createAttendee({ apiKey, baseUrl }), settings };
  },
  async recall() {
    const fake = await startFakeRecall();
    const { apiKey, baseUrl, webhookSecret } = fake;
    const settings = { RECALL_API_KEY: apiKey, RECALL_BASE_URL: baseUrl, RECALL_WEBHOOK_SECRET: webhookSecret };
    return { fake, provider: createRecall({ apiKey, baseUrl, guardedFetch }), settings };
  },
  async vexa() {
    const fake = await startFakeVexa();
    const { apiKey, baseUrl, webhookSecret } = fake;
    const settings = { VEXA_API_KEY: apiKey, VEXA_BASE_URL: baseUrl, VEXA_WEBHOOK_SECRET: webhookSecret };
    return { fake, provider: createVexa({ apiKey, baseUrl }), settings };
  },
};
