import { createHash, createHmac } from "node:crypto";
import { createBotWebhooks } from "./bot-webhooks.ts";
import type { BotWebhookOptions } from "./bot-webhooks.ts";
import type { FakeVexaBot, VexaStep } from "./vexa-bot.ts";
import { meetingJson } from "./vexa-json.ts";

export type VexaPayload = Record<string, unknown>;
export type VexaWebhookOptions = BotWebhookOptions<VexaPayload>;
export type VexaWebhooks = ReturnType<typeof createVexaWebhooks>;

/** A delivery as Vexa sends it: the signature is over the time and the body, and the secret goes along. */
export function vexaRequest(payload: VexaPayload, secret: string, at = new Date()) {
  const body = JSON.stringify(payload);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    body,
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${secret}`,
      "x-webhook-timestamp": timestamp,
      "x-webhook-signature": `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`,
    },
  };
}

/** The body of a change of a meeting's status. Its id is that of the event, whoever tells of it again. */
export function statusChange(bot: FakeVexaBot, { from, to, timestamp }: VexaStep): VexaPayload {
  const meeting = meetingJson(bot, false);
  return {
    event_id: `evt_${createHash("sha256").update(`${bot.id}:${from}:${to}`).digest("hex").slice(0, 32)}`,
    event_type: "meeting.status_change",
    api_version: "2026-03-01",
    created_at: timestamp.toISOString(),
    data: {
      meeting,
      status_change: { old_status: from, new_status: to, reason: null, transition_source: "bot_callback" },
    },
  };
}

/** Delivers webhooks of an account to one address. */
export const createVexaWebhooks = (url: string, secret: string, options: VexaWebhookOptions = {}) =>
  createBotWebhooks<VexaPayload>(url, (payload) => vexaRequest(payload, secret), options);
