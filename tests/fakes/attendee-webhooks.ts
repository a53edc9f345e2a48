import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { BotEventRow, FakeBot } from "./attendee-bot.ts";
import { pythonJson, pythonSigned } from "./python-json.ts";
import type { PythonValue } from "./python-json.ts";

export interface AttendeeWebhookOptions {
  /** Before the second try; doubles with each. Attendee waits a second or so. */
  retryMs?: number;
  requestMs?: number;
  /** True for a delivery that is never sent. */
  lose?: (index: number, payload: AttendeePayload) => boolean;
  /** How often the same delivery is sent (default 1). */
  repeat?: number;
  /** Waits before sending, which changes the order of what overtakes it. */
  delayMs?: (index: number) => number;
}

export type AttendeePayload = { [key: string]: PythonValue };

/** What became of one delivery; a status is null where no answer came. */
export interface AttendeeDelivery {
  payload: AttendeePayload;
  statuses: (number | null)[];
  isDelivered: boolean;
}

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
export function createAttendeeWebhooks(url: string, secret: string, options: AttendeeWebhookOptions = {}) {
  const { retryMs = 1000, requestMs = 10_000, lose = () => false, repeat = 1, delayMs = () => 0 } = options;
  const deliveries: AttendeeDelivery[] = [];
  const underWay = new Set<Promise<void>>();
  let count = 0;

  async function deliver(payload: AttendeePayload, waitMs: number): Promise<void> {
    const delivery: AttendeeDelivery = { payload, statuses: [], isDelivered: false };
    deliveries.push(delivery);
    await sleep(waitMs);
    for (let tries = 1; tries <= 3; tries += 1) {
      const status = await attempt(url, payload, { secret, requestMs });
      delivery.statuses.push(status);
      delivery.isDelivered = status !== null && status >= 200 && status < 300;
      if (delivery.isDelivered) return;
      if (tries < 3) await sleep(retryMs * 2 ** (tries - 1));
    }
  }

  return {
    url,
    /** All that was ever sent, in the order in which it came up. */
    deliveries,
    send(payload: AttendeePayload): void {
      const index = count;
      count += 1;
      if (lose(index, payload)) return;
      for (let copy = 0; copy < repeat; copy += 1) {
        const work = deliver(payload, delayMs(index)).finally(() => underWay.delete(work));
        underWay.add(work);
      }
    },
    /** Waits until nothing is under way. */
    async settled(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

export type AttendeeWebhooks = ReturnType<typeof createAttendeeWebhooks>;

async function attempt(
  url: string,
  payload: AttendeePayload,
  { secret, requestMs }: { secret: string; requestMs: number },
): Promise<number | null> {
  try {
    const request = { method: "POST", redirect: "manual", signal: AbortSignal.timeout(requestMs) } as const;
    const response = await fetch(url, { ...request, ...attendeeRequest(payload, secret) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
