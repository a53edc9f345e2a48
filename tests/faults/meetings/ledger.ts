import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createWebhookSender } from "#tests/fakes/stream.ts";
import type { Delivery, FakeStream, StreamEvent, WebhookSender } from "#tests/fakes/stream.ts";
import type { Sending } from "./chaos.ts";

/** What the client knows of one event: under which key the inbox keeps it, and what it was answered each time. */
export interface LedgerEntry {
  key: string;
  event: StreamEvent;
  deliveries: Delivery[];
  /** At least one 2xx came back: from here on the event is Convene's. */
  isAcknowledged: boolean;
}

const sendAgainMs = 1_000;
const patienceMs = 90_000;

/**
 * Sends a storm's webhooks at their times, whatever became of the ones before, and keeps the book. Each is tried as
 * Stream does and then given up, or sent again for as long as a patient sender would. The provider's own state
 * follows: a call has ended when its end is first told. The ends wait until what was sent before them was taken or
 * given up, however long a struck web server needs to come back: what comes after a meeting's result is late by right,
 * and how much of it there is would tell of the machine and not of Convene.
 */
export async function sendDeliveries({ sendings, url, stream, begin }: Order): Promise<LedgerEntry[]> {
  const { apiKey, apiSecret } = stream;
  // Stream does not say how long it waits before its second try; a process that is restarted needs some seconds.
  const likeStream = createWebhookSender(url, { apiKey, apiSecret, retryMs: 5_000 });
  const once = createWebhookSender(url, { apiKey, apiSecret, retryMs: patienceMs });
  const ledger = new Map<string, LedgerEntry>();
  const underWay: Promise<void>[] = [];
  let heldUpMs: number | null = null;
  for (const { event, call, atMs, isEnd, isPatient } of sendings) {
    await wait(Math.max(0, begin + (heldUpMs ?? 0) + atMs - Date.now()));
    if (isEnd && heldUpMs === null) {
      const since = Date.now();
      await Promise.all(underWay);
      heldUpMs = Date.now() - since;
    }
    const key = createHash("sha256").update(JSON.stringify(event)).digest("hex");
    const entry = ledger.get(key) ?? { key, event, deliveries: [], isAcknowledged: false };
    ledger.set(key, entry);
    if (isEnd && call.sessions[0]?.endedAt === null) await call.end({ at: new Date(event.created_at), lost: true });
    underWay.push(isPatient ? deliver(once, entry, patienceMs) : deliver(likeStream, entry, 0));
  }
  await Promise.all(underWay);
  return [...ledger.values()];
}

interface Order {
  sendings: Sending[];
  url: string;
  stream: FakeStream;
  /** Milliseconds since the epoch. */
  begin: number;
}

async function deliver(sender: WebhookSender, entry: LedgerEntry, patienceMs: number): Promise<void> {
  for (const until = Date.now() + patienceMs; ; await wait(sendAgainMs)) {
    const deliveries = await sender.send(entry.event);
    entry.deliveries.push(...deliveries);
    const isTaken = deliveries.some(({ delivered }) => delivered);
    entry.isAcknowledged ||= isTaken;
    if (isTaken || Date.now() > until) return;
  }
}

/** How many tries got which answer; a null is a refused, cut or unanswered one. */
export function answersOf(ledger: LedgerEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { deliveries } of ledger)
    for (const { statuses } of deliveries)
      for (const status of statuses) counts[`${status}`] = (counts[`${status}`] ?? 0) + 1;
  return counts;
}
