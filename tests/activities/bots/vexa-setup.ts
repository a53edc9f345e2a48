import type { BotOrder } from "#activities/clients/bots/bot-provider.ts";
import { createVexa } from "#activities/clients/bots/vexa.ts";
import { startFakeVexa } from "#tests/fakes/vexa.ts";
import type { FakeVexaOptions } from "#tests/fakes/vexa.ts";
import { order as anyOrder, signal } from "./attendee-setup.ts";

/** Keys are ours: by them a plan is told from those that people make at Vexa. */
export const order: BotOrder = { ...anyOrder, key: `convene:${anyOrder.recorderId}:1` };
export const another: BotOrder = { ...order, key: "convene:0190d5a1-0000-7000-8000-000000000002:1" };

/** An account at a stand-in of Vexa, and the client under its key. */
export async function vexaAccount(options: FakeVexaOptions = {}, deadlineMs = 5_000) {
  const fake = await startFakeVexa(options);
  const vexa = createVexa({ apiKey: fake.apiKey, baseUrl: `${fake.baseUrl}/`, deadlineMs });
  return {
    fake,
    vexa,
    /** A bot of a new order. */
    async bot(more: Partial<BotOrder> = {}) {
      const { id } = await vexa.create({ ...order, ...more }, signal);
      return { id, at: fake.bot(more.key ?? order.key), status: () => vexa.status(id, signal) };
    },
    [Symbol.asyncDispose]: fake.close,
  };
}
