import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { createBotWebhooks } from "./bot-webhooks.ts";
import type { BotWebhookOptions } from "./bot-webhooks.ts";
import { changeJson } from "./recall-api.ts";
import type { FakeRecallBot } from "./recall-bot.ts";

export type RecallPayload = Record<string, unknown>;

/** Whose names the signed headers have: those of Standard Webhooks, or Svix's own of older workspaces. */
export type Family = "webhook" | "svix";

interface RecallWebhookOptions extends BotWebhookOptions<RecallPayload> {
  family?: Family;
}

/** A delivery as Recall sends it, signed by the official library of its family. */
export function recallRequest(
  payload: RecallPayload,
  secret: string,
  { id, at = new Date(), family = "webhook" }: { id: string; at?: Date; family?: Family },
) {
  const body = JSON.stringify(payload);
  const signer = family === "svix" ? new SvixWebhook(secret) : new StandardWebhook(secret);
  return {
    body,
    headers: {
      "content-type": "application/json",
      [`${family}-id`]: id,
      [`${family}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
      [`${family}-signature`]: signer.sign(id, at, body),
    },
  };
}

/** The body of a change of a bot's status. */
export function statusChange({ id, metadata }: FakeRecallBot, change: FakeRecallBot["changes"][number]): RecallPayload {
  const { code, sub_code, created_at } = changeJson(change);
  return { event: `bot.${code}`, data: { data: { code, sub_code, updated_at: created_at }, bot: { id, metadata } } };
}

/** Delivers webhooks of a workspace to one address. */
export const createRecallWebhooks = (url: string, secret: string, { family, ...options }: RecallWebhookOptions = {}) =>
  createBotWebhooks<RecallPayload>(
    url,
    (payload, id) => recallRequest(payload, secret, { id, ...(family === undefined ? {} : { family }) }),
    options,
  );

export type RecallWebhooks = ReturnType<typeof createRecallWebhooks>;
export type { RecallWebhookOptions };
