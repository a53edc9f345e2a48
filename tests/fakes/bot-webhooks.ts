import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

export interface BotWebhookOptions<Payload> {
  /** Before the second try; doubles with each (default a second). */
  retryMs?: number;
  requestMs?: number;
  /** True for a delivery that is never sent. */
  lose?: (index: number, payload: Payload) => boolean;
  /** How often the same delivery is sent (default 1). */
  repeat?: number | ((index: number) => number);
  /** Waits before sending, which changes the order of what overtakes it. */
  delayMs?: (index: number) => number;
}

/** What became of one delivery; a status is null where no answer came. */
export interface BotDelivery<Payload> {
  payload: Payload;
  statuses: (number | null)[];
  isDelivered: boolean;
}

interface Signed {
  body: string;
  headers: Record<string, string>;
}

/** Delivers webhooks to one address, as `requestOf` writes and signs each try: three tries, then given up. */
export function createBotWebhooks<Payload>(
  url: string,
  requestOf: (payload: Payload, id: string) => Signed,
  options: BotWebhookOptions<Payload> = {},
) {
  const { retryMs = 1000, requestMs = 10_000, lose = () => false, repeat = 1, delayMs = () => 0 } = options;
  const deliveries: BotDelivery<Payload>[] = [];
  const underWay = new Set<Promise<void>>();
  let count = 0;

  async function deliver(payload: Payload, id: string, waitMs: number): Promise<void> {
    const delivery: BotDelivery<Payload> = { payload, statuses: [], isDelivered: false };
    deliveries.push(delivery);
    await sleep(waitMs);
    for (let tries = 1; tries <= 3; tries += 1) {
      const status = await attempt(url, requestOf(payload, id), requestMs);
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
    send(payload: Payload): void {
      const index = count;
      count += 1;
      if (lose(index, payload)) return;
      const id = `msg_${randomUUID()}`;
      const copies = typeof repeat === "number" ? repeat : repeat(index);
      for (let copy = 0; copy < copies; copy += 1) {
        const work = deliver(payload, id, delayMs(index)).finally(() => underWay.delete(work));
        underWay.add(work);
      }
    },
    /** Waits until nothing is under way. */
    async settled(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

async function attempt(url: string, signed: Signed, requestMs: number): Promise<number | null> {
  try {
    const request = { method: "POST", redirect: "manual", signal: AbortSignal.timeout(requestMs) } as const;
    const response = await fetch(url, { ...request, ...signed });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
