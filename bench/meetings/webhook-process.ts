// Sends webhooks at a fixed rate from a process of its own, so that nothing else the bench does holds up its clock. It
// reads a job from its parent, and answers with what became of it.
import { atRate, nowMs } from "../measure.ts";
import { deliveriesOf } from "./webhook-mix.ts";
import type { ToldCall } from "./webhook-mix.ts";

export interface WebhookJob {
  url: string;
  apiKey: string;
  apiSecret: string;
  calls: ToldCall[];
  perCall: number;
  atOnce: number;
  perSecond: number;
}

export interface WebhookOutcome {
  /** In milliseconds, from the moment a delivery was due to the end of its answer, whatever the answer. */
  latencies: number[];
  /** The same of starts and ends only. */
  turningPoints: number[];
  /** By status; 0: no answer. */
  statuses: Record<number, number>;
  /** Different bodies that were answered with 2xx. */
  accepted: number;
}

process.once("message", (job: WebhookJob) => {
  void send(job).then((outcome) => process.send?.(outcome, () => process.disconnect()));
});

async function send({
  url,
  apiKey,
  apiSecret,
  calls,
  perCall,
  atOnce,
  perSecond,
}: WebhookJob): Promise<WebhookOutcome> {
  const deliveries = deliveriesOf(calls, { perCall, atOnce, secret: apiSecret });
  await warmUp(url, deliveries.find(({ isTurningPoint }) => !isTurningPoint)?.body ?? "");
  const accepted = new Set<string>();
  const outcome: WebhookOutcome = { latencies: [], turningPoints: [], statuses: {}, accepted: 0 };
  await atRate({ count: deliveries.length, perSecond }, async (index, dueAt) => {
    const delivery = deliveries[index];
    if (!delivery) return;
    const { body, signature, isTurningPoint } = delivery;
    const headers = { "content-type": "application/json", "x-api-key": apiKey, "x-signature": signature };
    const status = await post(url, { headers: { ...headers, "x-webhook-id": `bench-${index}` }, body });
    const latency = nowMs() - dueAt;
    outcome.latencies.push(latency);
    if (isTurningPoint) outcome.turningPoints.push(latency);
    outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1;
    if (status >= 200 && status < 300) accepted.add(signature);
  });
  return { ...outcome, accepted: accepted.size };
}

/** A second of forgeries: this process gets its connections and compiled code, and nobody gets anything to do. */
const warmUp = (url: string, body: string) =>
  atRate({ count: 300, perSecond: 300 }, async () => {
    await post(url, { headers: { "content-type": "application/json", "x-signature": "0".repeat(64) }, body });
  });

async function post(url: string, init: { headers: Record<string, string>; body: string }): Promise<number> {
  try {
    const response = await fetch(url, { method: "POST", ...init });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
