import { createHmac, randomUUID } from "node:crypto";
import type { BotEventRow, FakeBot } from "./attendee-bot.ts";
import { createBotWebhooks } from "./bot-webhooks.ts";
import type { BotWebhookOptions } from "./bot-webhooks.ts";
import { pythonJson, pythonSigned } from "./python-json.ts";
import type { PythonValue } from "./python-json.ts";

export type AttendeePayload = { [key: string]: PythonValue };

/** Base64 of the HMAC-SHA256 of the canonical form, under a secret given in base64 (`webhook_utils.sign_payload`). */
export const signAttendee = (payload: AttendeePayload, secret: string): string =>
  createHmac("sha256", Buffer.from(secret, "base64")).update(pythonSigned(payload)).digest("base64");

/** The body of a delivery as `requests` writes it, and its signature. */
export const attendeeRequest = (payload: AttendeePayload, secret: string) => ({
  body: pythonJson(payload),
  headers: {
    "content-type": "application/json",
    "user-agent": "Attendee-Webhook/1.0",
    "x-webhook-signature": signAttendee(payload, secret),
  },
});

/** Python's `isoformat()`, with microseconds. */
const isoformat = (at: Date): string => at.toISOString().replace("Z", "000+00:00");

/** The body of `bot.state_change`. */
export const stateChange = (bot: Pick<FakeBot, "id" | "metadata">, event: BotEventRow): AttendeePayload => ({
  idempotency_key: randomUUID(),
  bot_id: bot.id,
  bot_metadata: bot.metadata,
  trigger: "bot.state_change",
  data: {
    new_state: event.newState,
    old_state: event.oldState,
    created_at: isoformat(event.created_at),
    event_type: event.type,
    event_sub_type: event.sub_type,
    event_metadata: event.metadata,
  },
});

/** Delivers webhooks of a project to one address: signed, three tries, ten seconds each, then given up. */
export const createAttendeeWebhooks = (url: string, secret: string, options: AttendeeWebhookOptions = {}) =>
  createBotWebhooks<AttendeePayload>(url, (payload) => attendeeRequest(payload, secret), options);

export type AttendeeWebhookOptions = BotWebhookOptions<AttendeePayload>;
export type AttendeeWebhooks = ReturnType<typeof createAttendeeWebhooks>;
