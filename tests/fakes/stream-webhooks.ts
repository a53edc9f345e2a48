import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { signStream } from "./stream-events.ts";
import type { StreamEvent } from "./stream-events.ts";

export interface WebhookOptions {
  apiKey: string;
  apiSecret: string;
  /** One request (Stream: 6 s) and all tries of an event together (Stream: 15 s). */
  requestMs?: number;
  totalMs?: number;
  /** Before the second try; doubles with each. Stream does not say how long it waits. */
  retryMs?: number;
}

export interface SendOptions {
  gzip?: boolean;
  /** How often the same body is delivered (default 1), each time under another `X-WEBHOOK-ID`. */
  repeat?: number;
  delayMs?: number;
  /** Signs with another secret, as a forger would. */
  secret?: string;
}

export interface SendAllOptions extends Omit<SendOptions, "delayMs"> {
  /** Delivers in an order drawn from this seed. */
  shuffle?: number;
  /** True for an event that never arrives. */
  drop?: (event: StreamEvent, index: number) => boolean;
  delayMs?: number | ((index: number) => number);
  /** How many are under way at once (default 1, which keeps the order). */
  atOnce?: number;
}

/** What became of one delivery. A status is null where no answer came: refused, reset or too late. */
export interface Delivery {
  type: string;
  webhookId: string;
  statuses: (number | null)[];
  /** Of the last try, and whether Stream takes the event for delivered. */
  status: number | null;
  delivered: boolean;
}

/** Delivers webhooks to one address as Stream does: signed, tried again within 15 s, then given up for good. */
export function createWebhookSender(url: string, options: WebhookOptions) {
  const { apiKey, apiSecret, requestMs = 6_000, totalMs = 15_000, retryMs = 500 } = options;
  const deliveries: Delivery[] = [];

  async function deliver(event: StreamEvent, { gzip = false, secret = apiSecret }: SendOptions): Promise<Delivery> {
    const body = JSON.stringify(event);
    const webhookId = randomUUID();
    const statuses: Delivery["statuses"] = [];
    const deadline = Date.now() + totalMs;
    const delivery: Delivery = { type: event.type, webhookId, statuses, status: null, delivered: false };
    deliveries.push(delivery);
    for (let wait = retryMs; ; wait *= 2) {
      const headers = {
        "content-type": "application/json",
        "user-agent": "Stream Webhook Client",
        "x-webhook-id": webhookId,
        "x-webhook-attempt": String(statuses.length + 1),
        "x-api-key": apiKey,
        "x-signature": signStream(body, secret),
        ...(gzip ? { "content-encoding": "gzip" } : {}),
      };
      const left = Math.max(1, Math.min(requestMs, deadline - Date.now()));
      const outcome = await attempt(url, { headers, body: gzip ? gzipSync(body) : body, ms: left });
      statuses.push(outcome.status);
      Object.assign(delivery, { status: outcome.status, delivered: isSuccess(outcome.status) });
      if (statuses.length >= outcome.tries || Date.now() + wait >= deadline) return delivery;
      await sleep(wait);
    }
  }

  const send = async (event: StreamEvent, options: SendOptions = {}): Promise<Delivery[]> => {
    if (options.delayMs !== undefined) await sleep(options.delayMs);
    return Promise.all(Array.from({ length: options.repeat ?? 1 }, () => deliver(event, options)));
  };

  return {
    url,
    /** All that was ever sent, in order of its first try. */
    deliveries,
    send,
    async sendAll(events: StreamEvent[], options: SendAllOptions = {}): Promise<Delivery[]> {
      const { shuffle, drop = () => false, delayMs, atOnce = 1, repeat = 1, ...rest } = options;
      const kept = events.filter((event, index) => !drop(event, index));
      const copies = kept.flatMap((event) => Array.from({ length: repeat }, () => event));
      const queue = (shuffle === undefined ? copies : shuffled(copies, shuffle)).entries();
      const done: Delivery[] = [];
      const work = async () => {
        for (const [index, event] of queue) {
          const wait = typeof delayMs === "function" ? delayMs(index) : delayMs;
          done.push(...(await send(event, { ...rest, ...(wait === undefined ? {} : { delayMs: wait }) })));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      return done;
    },
  };
}

export type WebhookSender = ReturnType<typeof createWebhookSender>;

const isSuccess = (status: number | null) => status !== null && status >= 200 && status < 300;

/** One try, and how many tries its outcome allows in all, by Stream's own table. */
async function attempt(url: string, request: { headers: Record<string, string>; body: string | Buffer; ms: number }) {
  const { headers, body, ms } = request;
  const signal = AbortSignal.timeout(ms);
  try {
    const response = await fetch(url, { method: "POST", headers, body: body as string, signal, redirect: "manual" });
    await response.arrayBuffer();
    const { status } = response;
    return { status, tries: status === 408 || status === 429 || status >= 500 ? 3 : 1 };
  } catch {
    return { status: null, tries: signal.aborted ? 3 : 2 };
  }
}

/** The same seed gives the same order (mulberry32, Fisher-Yates). */
export function shuffled<Item>(items: Item[], seed: number): Item[] {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    [order[last], order[pick]] = [order[pick]!, order[last]!];
  }
  return order;
}
