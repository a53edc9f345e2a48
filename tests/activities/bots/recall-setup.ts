import { createRecall } from "#activities/clients/bots/recall.ts";
import type { BotOrder } from "#activities/clients/bots/bot-provider.ts";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { startFakeRecall } from "#tests/fakes/recall.ts";
import type { FakeRecallOptions } from "#tests/fakes/recall.ts";
import { order, signal } from "./attendee-setup.ts";

/** A workspace at a stand-in of Recall.ai, and the client under its key. */
export async function recallAccount(options: FakeRecallOptions = {}, deadlineMs = 5_000) {
  const fake = await startFakeRecall(options);
  const guardedFetch = createGuardedFetch({ allow: [] });
  const newClient = () => createRecall({ apiKey: fake.apiKey, baseUrl: `${fake.baseUrl}/`, deadlineMs, guardedFetch });
  const recall = newClient();
  return {
    fake,
    recall,
    newClient,
    /** A bot of a new order. */
    async bot(more: Partial<BotOrder> = {}) {
      const { id } = await recall.create({ ...order, ...more }, signal);
      return { id, at: fake.bot(more.key ?? order.key), status: () => recall.status(id, signal) };
    },
    [Symbol.asyncDispose]: fake.close,
  };
}
